"""Payments through the bank: what is to be paid, batches, their approvals, files and answers."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.portal.access import member, organisation_ids, portal_member
from cms.portal.acting import attempt
from cms.portal.forms.money import UploadForm
from cms.portal.queries import batches_for, payable_commitments, projects_of
from cms.portal.refusals import tell_wrong
from donors.models import BatchState, PaymentBatch
from jiujinan.accounts.models import Organisation
from jiujinan.accounts.predicates import can_pay
from jiujinan.accounts.roles import Role
from matching.services.delivery import payable
from matching.services.paying import (
    Order,
    approve_payments,
    cancel_payments,
    export_payments,
    has_role_to_approve,
    prepare_payments,
    read_answer,
)

PAGE_SIZE = 24
TO_PAY_SHOWN = 100


@require_safe
@portal_member
def payment_list(request: HttpRequest) -> HttpResponse:
    """Show what waits to be paid, and the batches."""
    user = member(request)
    paginator = Paginator(batches_for(user), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    payers = organisation_ids(user, Role.PAYER)
    to_pay = payable_commitments(user).filter(fund__holder__in=payers).order_by("at", "pk")[:TO_PAY_SHOWN]
    projects = projects_of(one.item.need_id for one in to_pay)
    context = {
        "section": "payments",
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "may_prepare": bool(payers),
        "to_pay": [(one, projects.get(one.item.need_id)) for one in to_pay],
    }
    return render(request, "portal/payments.html", context)


@require_POST
@portal_member
def payment_prepare(request: HttpRequest) -> HttpResponse:
    """Put the chosen commitments into one batch, each with all that is payable."""
    user = member(request)
    chosen = request.POST.getlist("commitment")[:TO_PAY_SHOWN]
    commitments = list(payable_commitments(user).filter(pk__in=_uuids(chosen)))
    holders = {one.fund.holder_id for one in commitments if one.fund}
    if len(holders) != 1:
        messages.error(request, _("Please choose payments, all of one charity."))
        return redirect("portal:payments")
    batches = []

    def act() -> None:
        orders = [Order(one, payable(one)) for one in commitments]
        holder = Organisation.objects.get(pk=holders.pop())
        batches.append(prepare_payments(holder=holder, orders=orders, by=user, now=timezone.now()))

    if attempt(request, act, done=_("Prepared. Another person approves it before it goes to the bank.")):
        return redirect("portal:payment", batches[0].pk)
    return redirect("portal:payments")


@require_safe
@portal_member
def payment_detail(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Show one batch with its lines and the acts of this person."""
    batch, user = _mine(request, batch_id), member(request)
    pays = can_pay(user, organisation_id=batch.holder_id)
    independent = user.pk not in {batch.prepared_by_id, batch.approved_by_id}
    lines = list(batch.payments.select_related("reservation__fund", "disbursement__commitment__item"))
    needs = [line.disbursement.commitment.item.need_id if line.disbursement else None for line in lines]
    projects = projects_of(need for need in needs if need)
    context = {
        "section": "payments",
        "batch": batch,
        "lines": [
            (line, projects.get(need) if need else None) for line, need in zip(lines, needs, strict=True)
        ],
        "total": sum(line.amount_fen for line in lines),
        "paid": sum(line.paid_fen for line in lines),
        "may_approve": batch.state == BatchState.DRAFT
        and independent
        and has_role_to_approve(batch=batch, by=user),
        "may_cancel": pays and batch.state in {BatchState.DRAFT, BatchState.APPROVED},
        "may_export": pays and batch.state in {BatchState.APPROVED, BatchState.EXPORTED},
        "answer_form": UploadForm() if pays and batch.state == BatchState.EXPORTED else None,
    }
    return render(request, "portal/payment.html", context)


@require_POST
@portal_member
def payment_act(request: HttpRequest, batch_id: str, act: str) -> HttpResponse:
    """Approve or cancel a batch."""
    batch = _mine(request, batch_id)
    acts = {
        "approve": (approve_payments, _("Approved.")),
        "cancel": (cancel_payments, _("Cancelled. What was promised stays promised.")),
    }
    if act not in acts:
        raise Http404
    does, done = acts[act]
    attempt(request, lambda: does(batch=batch, by=member(request), now=timezone.now()), done=done)
    return redirect("portal:payment", batch_id)


@require_POST
@portal_member
def payment_export(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Give the file for the bank; it is the same each time."""
    batch = _mine(request, batch_id)
    files: list[bytes] = []
    attempt(
        request,
        lambda: files.append(export_payments(batch=batch, by=member(request), now=timezone.now())),
        done=_("Exported. Enter the bank's answer here when it comes."),
    )
    if not files:
        return redirect("portal:payment", batch_id)
    response = HttpResponse(files[0], content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="payments-{batch.pk.hex[:8]}.csv"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@portal_member
def payment_answer(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Read the bank's answer into ledger, commitments and needs."""
    batch, form = _mine(request, batch_id), UploadForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data["file"].read()
        attempt(
            request,
            lambda: read_answer(batch=batch, data=data, by=member(request), now=timezone.now()),
            done=_("Entered. Each payment was counted once."),
        )
    else:
        tell_wrong(request, form)
    return redirect("portal:payment", batch_id)


def _mine(request: HttpRequest, batch_id: str) -> PaymentBatch:
    return get_object_or_404(batches_for(member(request)), pk=batch_id)


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(UUID(text))
    return found
