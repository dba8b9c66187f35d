"""Funds: the charter in plain words and its versions, whose money it is, fees, and the end of its period."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.exports import csv_response, yuan_text
from cms.portal.access import member, organisation_ids, portal_member
from cms.portal.acting import attempt
from cms.portal.forms.funds import AmendForm, FundForm
from cms.portal.forms.money import EndingForm, FeeForm
from cms.portal.queries import charter_words, funds_for, lent_by
from cms.portal.refusals import tell_wrong
from cms.portal.wording import SOURCES
from donors.charter_rules import FIELDS
from donors.ledger.services import charge_fee
from donors.models import EndingState, Fund, FundCharter, FundEnding, FundKind, OnEnd
from donors.queries import current_charter, source_shares
from donors.services import amend_charter, create_fund
from donors.services.endings import carry_out_ending, decide_ending, like_funds
from donors.sources import totals
from jiujinan.accounts.models import Organisation
from jiujinan.accounts.predicates import can_approve_payment, can_manage_fund, can_pay
from jiujinan.accounts.roles import OrganisationKind, Role

PAGE_SIZE = 24
COLUMNS = ("received_fen", "held_fen", "disbursed_fen", "fee_fen", "transferred_fen", "refunded_fen")
COLUMNS_OUT = tuple(column.replace("_fen", "_yuan") for column in COLUMNS)


@require_safe
@portal_member
def fund_list(request: HttpRequest) -> HttpResponse:
    """Show the member's funds with their balances."""
    paginator = Paginator(funds_for(member(request)).order_by("state", "name", "pk"), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "section": "funds",
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "may_found": bool(_charities(request)),
    }
    return render(request, "portal/funds.html", context)


@require_safe
@portal_member
def fund_detail(request: HttpRequest, fund_id: str) -> HttpResponse:
    """Show one fund: what it is for, what it has, what may be done."""
    fund, user = _mine(request, fund_id), member(request)
    charter = current_charter(fund=fund)
    manages = can_manage_fund(user, organisation_ids=[fund.holder_id])
    ending = (
        FundEnding.objects.filter(fund=fund).select_related("to_fund", "decided_by", "approved_by").first()
    )
    context = {
        "section": "funds",
        "fund": fund,
        "charter": charter,
        "words": charter_words(charter),
        "versions": FundCharter.objects.filter(fund=fund).select_related("written_by").order_by("-version"),
        "may_amend": manages and fund.state == "open",
        "received_fen": -fund.balance.external_fen,
        "fee_cap_fen": -fund.balance.external_fen * charter.fee_cap_permille // 1000,
        "fee_form": FeeForm(initial={"key": uuid.uuid4()}, auto_id="fee_%s")
        if charter.fee_cap_permille and fund.state == "open" and can_pay(user, organisation_id=fund.holder_id)
        else None,
        "lent": lent_by(fund) if fund.kind == FundKind.REVOLVING else None,
        "ending": ending,
        **_ending_acts(fund, ending, request),
    }
    return render(request, "portal/fund.html", context)


@require_safe
@portal_member
def charter_version(request: HttpRequest, fund_id: str, version: int) -> HttpResponse:
    """Show one version of a charter in plain words."""
    fund = _mine(request, fund_id)
    charter = get_object_or_404(FundCharter.objects.select_related("written_by"), fund=fund, version=version)
    context = {"section": "funds", "fund": fund, "charter": charter, "words": charter_words(charter)}
    return render(request, "portal/charter.html", context)


@portal_member
def fund_found(request: HttpRequest) -> HttpResponse:
    """Found a fund with its first charter."""
    charities = _charities(request)
    if not charities:
        raise PermissionDenied
    initial = {"starts_on": timezone.localdate(), "on_end": OnEnd.SIMILAR_PURPOSE}
    form = FundForm(request.POST or None, initial=initial)
    made: list[Fund] = []
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        if attempt(
            request,
            lambda: made.append(
                create_fund(
                    holder=charities[0],
                    name=facts["name"],
                    kind=FundKind(facts["kind"]),
                    named_for=facts["named_for"],
                    charter=form.charter(),
                    by=member(request),
                    now=timezone.now(),
                )
            ),
            done=_("Founded. Its charter stands as version 1."),
        ):
            return redirect("portal:fund", made[0].pk)
    return _form(request, form, title=_("New fund"), submit=_("Found it"), back="portal:funds")


@portal_member
def fund_amend(request: HttpRequest, fund_id: str) -> HttpResponse:
    """Write the next version of the charter."""
    fund, user = _mine(request, fund_id), member(request)
    if not can_manage_fund(user, organisation_ids=[fund.holder_id]):
        raise PermissionDenied
    charter = current_charter(fund=fund)
    form = AmendForm(request.POST or None, initial={name: getattr(charter, name) for name in FIELDS})
    if request.method == "POST" and form.is_valid():
        wanted, facts = form.charter(), form.cleaned_data
        changes = {name: value for name, value in wanted.items() if value != getattr(charter, name)}
        if not changes:
            form.add_error(None, _("Nothing is different: change what should change."))
        elif attempt(
            request,
            lambda: amend_charter(
                fund=fund,
                changes=changes,
                by=user,
                now=timezone.now(),
                reason=facts["reason"],
                donor_consent=facts["donor_consent"],
                donor_consent_on=facts["donor_consent_on"],
            ),
            done=_("Written as the next version; earlier ones stay as they are."),
        ):
            return redirect("portal:fund", fund.pk)
    return _form(
        request,
        form,
        title=_("Amend the charter"),
        submit=_("Write the next version"),
        back="portal:fund",
        back_id=fund.pk,
        lead=fund.name,
        facts=charter_words(charter),
    )


@require_safe
@portal_member
def fund_sources(request: HttpRequest, fund_id: str) -> HttpResponse:
    """Show each source's share of the fund, or give it as a table."""
    fund = _mine(request, fund_id)
    shares = source_shares(fund=fund)
    rows = [
        (_(SOURCES.get(one.source, one.source)), [getattr(one, column) for column in COLUMNS])
        for one in shares
    ]
    sums = [totals(shares)[column] for column in COLUMNS]
    if request.GET.get("format") == "csv":
        body = [[name, *map(yuan_text, values)] for name, values in [*rows, (_("Together"), sums)]]
        return csv_response(f"sources-{fund.pk.hex[:8]}", ["source", *COLUMNS_OUT], body)
    whole = sums[0]
    context = {"section": "funds", "fund": fund, "rows": rows, "sums": sums, "whole": whole}
    return render(request, "portal/sources.html", context)


@require_POST
@portal_member
def fund_fee(request: HttpRequest, fund_id: str) -> HttpResponse:
    """Take a management fee within the charter's cap."""
    fund, form = _mine(request, fund_id), FeeForm(request.POST)
    if not can_pay(member(request), organisation_id=fund.holder_id):
        raise PermissionDenied
    if form.is_valid():
        facts = form.cleaned_data
        attempt(
            request,
            lambda: charge_fee(
                fund=fund,
                amount_fen=facts["amount"],
                key=f"fee:{facts['key']}",
                by=member(request),
                now=timezone.now(),
            ),
            done=_("Booked as management fee."),
        )
    else:
        tell_wrong(request, form)
    return redirect("portal:fund", fund_id)


@require_POST
@portal_member
def fund_ending(request: HttpRequest, fund_id: str, act: str) -> HttpResponse:
    """Decide where the rest of an ended fund goes, or approve that as another person."""
    fund = _mine(request, fund_id)
    ending = get_object_or_404(FundEnding, fund=fund)
    by, now = member(request), timezone.now()
    if act not in {"decide", "approve"}:
        raise Http404
    if act == "approve":
        attempt(
            request,
            lambda: carry_out_ending(ending=ending, by=by, now=now),
            done=_("Carried out; the fund is closed."),
        )
        return redirect("portal:fund", fund_id)
    form = EndingForm(request.POST, funds=like_funds(fund=fund))
    if form.is_valid():
        facts = form.cleaned_data
        attempt(
            request,
            lambda: decide_ending(
                ending=ending, to_fund=facts.get("to_fund"), reason=facts["reason"], by=by, now=now
            ),
            done=_("Decided. Another person approves it."),
        )
    else:
        tell_wrong(request, form)
    return redirect("portal:fund", fund_id)


def _ending_acts(fund: Fund, ending: FundEnding | None, request: HttpRequest) -> dict[str, Any]:
    if ending is None or ending.state == EndingState.DONE:
        return {}
    user = member(request)
    alike = like_funds(fund=fund) if ending.on_end == OnEnd.SIMILAR_PURPOSE else Fund.objects.none()
    return {
        "ending_form": EndingForm(funds=alike, auto_id="ending_%s")
        if can_manage_fund(user, organisation_ids=[fund.holder_id])
        else None,
        "may_approve_ending": ending.state == EndingState.DECIDED
        and can_approve_payment(user, organisation_id=fund.holder_id, payer_id=ending.decided_by_id or 0),
    }


def _mine(request: HttpRequest, fund_id: str) -> Fund:
    return get_object_or_404(funds_for(member(request)), pk=fund_id)


def _charities(request: HttpRequest) -> list[Organisation]:
    ids = organisation_ids(member(request), Role.FUND_MANAGER)
    return list(Organisation.objects.filter(pk__in=ids, kind=OrganisationKind.CHARITY).order_by("pk"))


def _form(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "portal/form.html", {"section": "funds", "form": form, **context}, status=status)
