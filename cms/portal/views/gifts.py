"""Gifts: announced, seen at the bank, booked, receipted; and the faults between announcement and statement."""

from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.exports import csv_response, yuan_text
from cms.portal.access import member, organisation_ids, portal_member
from cms.portal.acting import attempt
from cms.portal.forms.money import GiftForm, ReceiptForm, SettleForm, UploadForm
from cms.portal.queries import MONEY_ROLES, funds_for, gifts_for
from cms.portal.refusals import tell_wrong
from cms.portal.wording import VERDICTS
from donors.banking.reconciling import CLEAN, Finding
from donors.models import Contribution, ContributionState, Fund, Settlement, SettlementAct, Source
from donors.receipts import amount_in_capitals
from donors.services import (
    announce_contribution,
    give_receipt_number,
    read_statement,
    settle_contributions,
)
from donors.services.contributions import current_findings
from donors.services.settling import Decision, acts_for, finding_key, settle_by_hand
from jiujinan.accounts.models import Organisation
from jiujinan.accounts.predicates import can_keep_books
from jiujinan.accounts.roles import OrganisationKind, Role

PAGE_SIZE = 24
FAULTS_SHOWN = 50
KEEPERS = (Role.FUND_MANAGER, Role.PAYER)


@dataclass(frozen=True)
class Fault:
    """One finding as the page shows it, with its form."""

    finding: Finding
    words: str
    gift: Contribution | None
    form: SettleForm


@require_safe
@portal_member
def gift_list(request: HttpRequest) -> HttpResponse:
    """Show the gifts to the member's funds, newest first."""
    user = member(request)
    state = request.GET.get("state", "")
    gifts = gifts_for(user)
    if state in ContributionState.values:
        gifts = gifts.filter(state=state)
    paginator = Paginator(gifts, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "section": "gifts",
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "states": ContributionState.choices,
        "state": state,
        "may_announce": bool(organisation_ids(user, *KEEPERS)),
    }
    return render(request, "portal/gifts.html", context)


@portal_member
def gift_announce(request: HttpRequest) -> HttpResponse:
    """Note down what a donor means to give; the donor pays the charity's own bank."""
    funds = _keeping_funds(request)
    form = GiftForm(request.POST or None, funds=funds)
    if request.method == "POST" and form.is_valid():
        facts, made = form.cleaned_data, []
        if attempt(
            request,
            lambda: made.append(
                announce_contribution(
                    fund=facts["fund"],
                    donor_name=facts["donor_name"],
                    source=Source(facts["source"]),
                    amount_fen=facts["amount"],
                    now=timezone.now(),
                )
            ),
            done=_("Noted. Give the donor the reference to write into the transfer."),
        ):
            return redirect("portal:gift", made[0].pk)
    context = {
        "section": "gifts",
        "title": _("Announce a gift"),
        "lead": _("The platform takes no money: the donor pays the charity's own account."),
        "form": form,
        "submit": _("Announce"),
        "back": "portal:gifts",
    }
    return render(request, "portal/form.html", context, status=422 if form.errors else 200)


@require_safe
@portal_member
def gift_detail(request: HttpRequest, gift_id: str) -> HttpResponse:
    """Show one gift with the data of its receipt."""
    gift = get_object_or_404(gifts_for(member(request)), pk=gift_id)
    kept_fen = (gift.received_fen or 0) - gift.refunded_fen
    context = {
        "section": "gifts",
        "gift": gift,
        "kept_fen": kept_fen,
        "capitals": amount_in_capitals(kept_fen) if kept_fen else "",
        "bank_lines": gift.entry.refs.get("bank_line", "") if gift.entry else "",
        "settlements": gift.settlements.select_related("by"),
        "receipt_form": ReceiptForm()
        if gift.state == ContributionState.RECEIVED
        and not gift.receipt_number
        and can_keep_books(member(request), organisation_id=gift.fund.holder_id)
        else None,
    }
    return render(request, "portal/gift.html", context)


@require_POST
@portal_member
def gift_receipt(request: HttpRequest, gift_id: str) -> HttpResponse:
    """Write the number of the charity's receipt, once."""
    gift = get_object_or_404(gifts_for(member(request)), pk=gift_id)
    form = ReceiptForm(request.POST)
    if not can_keep_books(member(request), organisation_id=gift.fund.holder_id):
        raise Http404
    if form.is_valid() and not give_receipt_number(contribution=gift, number=form.cleaned_data["number"]):
        form.add_error("number", _("This number is another gift's, or the gift has its number already."))
    if form.errors:
        tell_wrong(request, form)
    return redirect("portal:gift", gift_id)


@require_safe
@portal_member
def gift_export(request: HttpRequest) -> HttpResponse:
    """Give the data of all receipts as a table, for the charity's own receipt system."""
    received = gifts_for(member(request)).filter(state=ContributionState.RECEIVED)
    header = ["receipt", "donor", "credit_code", "amount_yuan", "capitals", "received_on", "fund", "source",
              "reference", "bank_line", "holder"]  # fmt: skip
    return csv_response("donation-receipts", header, (_receipt_row(gift) for gift in received.iterator(500)))


@require_safe
@portal_member
def bank(request: HttpRequest) -> HttpResponse:
    """Show the upload of statements and the faults that wait for a person."""
    holder = _holder(request)
    faults = _faults(request, holder)
    settled = Settlement.objects.filter(holder=holder).select_related("by", "contribution")
    context = {
        "section": "gifts",
        "holder": holder,
        "upload_form": UploadForm(),
        "faults": faults[:FAULTS_SHOWN],
        "fault_count": len(faults),
        "rejected": request.session.pop("bank_rejected", []),
        "booked": request.session.pop("bank_booked", None),
        "settled": [(one, VERDICTS.get(one.verdict, one.verdict)) for one in settled[:20]],
    }
    return render(request, "portal/bank.html", context)


@require_POST
@portal_member
def bank_upload(request: HttpRequest) -> HttpResponse:
    """Read a statement, book what is clear, and show the rest."""
    holder, form, user = _holder(request), UploadForm(request.POST, request.FILES), member(request)
    if not form.is_valid():
        tell_wrong(request, form)
        return redirect("portal:bank")
    data = form.cleaned_data["file"].read()
    rejected: list[Any] = []
    booked: list[Any] = []

    def act() -> None:
        now = timezone.now()
        rejected.extend(read_statement(holder=holder, data=data, by=user, now=now).rejected)
        booked.extend(
            one for one in settle_contributions(holder=holder, by=user, now=now) if one.verdict in CLEAN
        )

    if attempt(request, act, done=_("Read. What is clear has been booked.")):
        request.session["bank_rejected"] = [[row.row, row.column, row.code] for row in rejected[:50]]
        request.session["bank_booked"] = len(booked)
    return redirect("portal:bank")


@require_POST
@portal_member
def bank_settle(request: HttpRequest) -> HttpResponse:
    """Carry out what a person decided about one fault, with the reason."""
    holder, key = _holder(request), request.POST.get("key", "")
    fault = next((one for one in _faults(request, holder, bound=key) if one.form.is_bound), None)
    if fault is None or not fault.form.is_valid():
        tell_wrong(request, fault.form if fault else SettleForm({}, acts=(), funds=None, gifts=None))
        return redirect("portal:bank")
    facts = fault.form.cleaned_data
    decision = Decision(
        act=SettlementAct(facts["act"]),
        reason=facts["reason"],
        contribution=facts.get("contribution"),
        fund=facts.get("fund"),
        source=Source(facts.get("source") or Source.CHARITY),
    )
    attempt(
        request,
        lambda: settle_by_hand(
            holder=holder, key=key, decision=decision, by=member(request), now=timezone.now()
        ),
        done=_("Settled, with your reason in the trail."),
    )
    return redirect("portal:bank")


def _faults(request: HttpRequest, holder: Organisation, *, bound: str = "") -> list[Fault]:
    findings = [
        one for one in current_findings(holder=holder, now=timezone.now()) if one.verdict not in CLEAN
    ]
    gifts = {str(one.pk): one for one in Contribution.objects.filter(fund__holder=holder, state="announced")}
    funds = Fund.objects.open().filter(holder=holder)
    return [
        Fault(
            finding,
            _(VERDICTS[finding.verdict]),
            gifts.get(finding.contribution or ""),
            _settle_form(request, holder, finding, funds, bound=bound == finding_key(finding)),
        )
        for finding in findings
    ]


def _settle_form(
    request: HttpRequest, holder: Organisation, finding: Finding, funds: QuerySet[Fund], *, bound: bool
) -> SettleForm:
    into = finding.net_fen > 0
    wanted = ContributionState.ANNOUNCED if into else ContributionState.RECEIVED
    gifts = Contribution.objects.filter(fund__holder=holder, state=wanted)
    key = finding_key(finding)
    return SettleForm(
        request.POST if bound else None,
        acts=acts_for(finding),
        funds=funds,
        gifts=gifts,
        initial={"key": key, "source": Source.CHARITY},
        auto_id=f"f{crc32(key.encode()):x}_%s",
    )


def _holder(request: HttpRequest) -> Organisation:
    """Return the charity whose bank the member keeps; the first, where there are several."""
    ids = organisation_ids(member(request), *MONEY_ROLES)
    holder = Organisation.objects.filter(pk__in=ids, kind=OrganisationKind.CHARITY).order_by("pk").first()
    if holder is None:
        raise Http404
    if not can_keep_books(member(request), organisation_id=holder.pk):
        raise PermissionDenied
    return holder


def _keeping_funds(request: HttpRequest) -> QuerySet[Fund]:
    ids = organisation_ids(member(request), *KEEPERS)
    return funds_for(member(request)).filter(holder__in=ids, state="open")


def _receipt_row(gift: Contribution) -> list[object]:
    kept_fen = (gift.received_fen or 0) - gift.refunded_fen
    return [
        gift.receipt_number or "",
        gift.donor_name,
        gift.donor.credit_code or "" if gift.donor else "",
        yuan_text(kept_fen),
        amount_in_capitals(kept_fen) if kept_fen else "",
        timezone.localtime(gift.received_at).date().isoformat() if gift.received_at else "",
        gift.fund.name,
        gift.get_source_display(),
        gift.reference,
        gift.entry.refs.get("bank_line", "") if gift.entry else "",
        gift.fund.holder.name,
    ]
