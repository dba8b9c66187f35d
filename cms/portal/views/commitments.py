"""What the member's organisations have promised, how far it has come, and the next step of each."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.portal.access import member, portal_member
from cms.portal.acting import attempt
from cms.portal.forms.money import HandOverForm, ReasonForm, RepayForm
from cms.portal.queries import commitments_for, projects_of
from cms.portal.refusals import tell_wrong
from donors.models import FundKind
from jiujinan.accounts.predicates import can_answer_referral, can_pay
from matching.models import Commitment
from matching.services.delivery import answers_for, deliver_commitment, payable, release_commitment
from matching.services.paying import Order, prepare_payments
from matching.services.repaying import repay
from matching.states import STANDING_COMMITMENTS

PAGE_SIZE = 24


@require_safe
@portal_member
def commitment_list(request: HttpRequest) -> HttpResponse:
    """Show the commitments, newest first."""
    paginator = Paginator(commitments_for(member(request)).order_by("-at", "pk"), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    projects = projects_of(commitment.item.need_id for commitment in page)
    context = {
        "section": "commitments",
        "rows": [(commitment, projects.get(commitment.item.need_id)) for commitment in page],
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
    }
    return render(request, "portal/commitments.html", context)


@require_safe
@portal_member
def commitment_detail(request: HttpRequest, commitment_id: str) -> HttpResponse:
    """Show one commitment with its payments, and what this person may do now."""
    commitment, user = _mine(request, commitment_id), member(request)
    fund, lot = commitment.fund, commitment.lot
    left = payable(commitment)
    standing = commitment.state in STANDING_COMMITMENTS
    pays = fund is not None and can_pay(user, organisation_id=fund.holder_id)
    hands_over = lot is not None and can_answer_referral(user, organisation_id=lot.station_id)
    lent = fund is not None and fund.kind == FundKind.REVOLVING
    still_out = commitment.disbursed - commitment.repaid
    context = {
        "section": "commitments",
        "commitment": commitment,
        "item": commitment.item,
        "project": projects_of([commitment.item.need_id]).get(commitment.item.need_id),
        "disbursements": commitment.disbursements.select_related("payer", "approver", "payment__batch"),
        "repayments": commitment.repayments.select_related("by"),
        "left": left,
        "still_out": still_out if lent else 0,
        "may_pay": pays and standing and left > 0,
        "hand_over_form": HandOverForm(initial={"quantity": left, "key": uuid.uuid4()})
        if hands_over and standing and left > 0
        else None,
        "repay_form": RepayForm(initial={"key": uuid.uuid4()}) if lent and pays and still_out else None,
        "release_form": ReasonForm(auto_id="release_%s")
        if standing and answers_for(commitment, user)
        else None,
    }
    return render(request, "portal/commitment.html", context)


@require_POST
@portal_member
def commitment_pay(request: HttpRequest, commitment_id: str) -> HttpResponse:
    """Put what is still payable of this commitment into a batch of its own."""
    commitment = _mine(request, commitment_id)
    batches = []

    def act() -> None:
        assert commitment.fund is not None, "goods are handed over"
        order = Order(commitment, payable(commitment))
        holder = commitment.fund.holder
        batches.append(
            prepare_payments(holder=holder, orders=[order], by=member(request), now=timezone.now())
        )

    if attempt(request, act, done=_("Prepared. Another person approves it before it goes to the bank.")):
        return redirect("portal:payment", batches[0].pk)
    return redirect("portal:commitment", commitment_id)


@require_POST
@portal_member
def commitment_hand_over(request: HttpRequest, commitment_id: str) -> HttpResponse:
    """Record that goods were handed over."""
    commitment, form = _mine(request, commitment_id), HandOverForm(request.POST)
    if not form.is_valid() or form.cleaned_data["quantity"] > commitment.amount:
        tell_wrong(request, form)
        return redirect("portal:commitment", commitment_id)
    attempt(
        request,
        lambda: deliver_commitment(
            commitment=commitment,
            amount=form.cleaned_data["quantity"],
            key=f"hand-over:{form.cleaned_data['key']}",
            payer=member(request),
            approver=None,
            now=timezone.now(),
        ),
        done=_("Recorded. The case and the public project are told."),
    )
    return redirect("portal:commitment", commitment_id)


@require_POST
@portal_member
def commitment_release(request: HttpRequest, commitment_id: str) -> HttpResponse:
    """Give back what was not paid or handed over, with the reason."""
    commitment, form = _mine(request, commitment_id), ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: release_commitment(
                commitment=commitment, reason=reason, by=member(request), now=timezone.now()
            ),
            done=_("Given back. The gap is open again by as much."),
        )
    else:
        tell_wrong(request, form)
    return redirect("portal:commitment", commitment_id)


@require_POST
@portal_member
def commitment_repay(request: HttpRequest, commitment_id: str) -> HttpResponse:
    """Book what later relief paid back to a revolving fund."""
    commitment, form = _mine(request, commitment_id), RepayForm(request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        attempt(
            request,
            lambda: repay(
                commitment=commitment,
                amount_fen=facts["amount"],
                key=str(facts["key"]),
                note=facts["note"],
                by=member(request),
                now=timezone.now(),
            ),
            done=_("Booked. The fund can lend it again."),
        )
    else:
        tell_wrong(request, form)
    return redirect("portal:commitment", commitment_id)


def _mine(request: HttpRequest, commitment_id: str) -> Commitment:
    return get_object_or_404(commitments_for(member(request)), pk=commitment_id)
