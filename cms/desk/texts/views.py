"""Proposing a text, the texts that wait, and one text with its masked places."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.desk.access import desk_member
from cms.desk.queries import cases_for
from cms.desk.texts.forms import ConfirmationForm, ProposalForm, SetAsideForm
from cms.desk.texts.queries import texts_for, waiting_texts
from cms.desk.texts.wording import pieces
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_confirm_text, can_handle_case
from needs.models import CaseRecord, ToldText
from needs.services.cases import NotReady
from needs.services.telling import NotSeen, confirm_text, propose_text, set_text_aside

PAGE_SIZE = 50


@require_safe
@desk_member
def text_list(request: HttpRequest) -> HttpResponse:
    """Show the texts that wait for a confirmation in the user's region."""
    paginator = Paginator(waiting_texts(_user(request)), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {"page": page, "page_range": paginator.get_elided_page_range(page.number)}
    return render(request, "desk/texts/list.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("text", "also_hide")
@desk_member
def text_new(request: HttpRequest, case_id: str) -> HttpResponse:
    """Take a text from the case's officer, and show it masked."""
    case = get_object_or_404(cases_for(_user(request)), pk=case_id)
    if not hasattr(case, "need") or not can_handle_case(request.user, region=case.region_id):
        raise PermissionDenied
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _propose(request, case, form)
    return render(
        request, "desk/texts/new.html", {"case": case, "form": form}, status=422 if form.errors else 200
    )


@require_safe
@never_cache
@desk_member
def text_detail(request: HttpRequest, text_id: int) -> HttpResponse:
    """Show one masked text with its masked places by kind, and what the user can do about it."""
    return _show(request, get_object_or_404(texts_for(_user(request)), pk=text_id))


@require_POST
@desk_member
def text_confirm(request: HttpRequest, text_id: int) -> HttpResponse:
    """Confirm that the masked places were seen."""
    told = get_object_or_404(texts_for(_user(request)), pk=text_id)
    form = ConfirmationForm(request.POST)
    if not form.is_valid():
        return _show(request, told, confirmation=form)
    try:
        confirm_text(told=told, seen=form.cleaned_data["seen"], by=_user(request), now=timezone.now())
    except NotAllowed:
        raise PermissionDenied from None
    except NotSeen:
        messages.error(request, _("The text is not the one you read any more; please read it again."))
    else:
        messages.success(request, _("Done and recorded."))
    return redirect("desk:text", text_id)


@require_POST
@desk_member
def text_set_aside(request: HttpRequest, text_id: int) -> HttpResponse:
    """Keep the text from being told."""
    told = get_object_or_404(texts_for(_user(request)), pk=text_id)
    form = SetAsideForm(request.POST)
    if not form.is_valid():
        return _show(request, told, aside=form)
    try:
        set_text_aside(told=told, reason=form.cleaned_data["reason"], by=_user(request), now=timezone.now())
    except NotAllowed:
        raise PermissionDenied from None
    except NotReady:
        messages.error(request, _("Please give the reason."))
    else:
        messages.success(request, _("The text is set aside: it will not be told."))
    return redirect("desk:text", text_id)


def _propose(request: HttpRequest, case: CaseRecord, form: ProposalForm) -> HttpResponse:
    try:
        proposed = propose_text(
            need=case.need,
            text=form.cleaned_data["text"],
            also_hide=form.hidden_words(),
            by=_user(request),
            now=timezone.now(),
        )
    except NotAllowed:
        raise PermissionDenied from None
    if proposed.told is not None:
        messages.success(request, _("Masked and put before two others. What you typed is not kept."))
        return redirect("desk:text", proposed.told.pk)
    blocked = list(pieces(proposed.redacted.text, proposed.redacted.spans))
    context = {"case": case, "form": form, "blocked": blocked}
    return render(request, "desk/texts/new.html", context, status=422)


def _show(
    request: HttpRequest,
    told: ToldText,
    *,
    confirmation: ConfirmationForm | None = None,
    aside: SetAsideForm | None = None,
) -> HttpResponse:
    user, region = _user(request), told.need.case.region_id
    had_a_hand = {told.proposed_by_id, told.first_by_id, told.second_by_id} - {None}
    stands = told.set_aside_at is None
    context = {
        "told": told,
        "case": told.need.case,
        "pieces": list(pieces(told.text, told.spans)),
        "confirmation": confirmation or ConfirmationForm(initial={"seen": told.text_hash}),
        "aside": aside or SetAsideForm(),
        "may_confirm": stands
        and told.confirmations < 2
        and can_confirm_text(user, region=region, had_a_hand=had_a_hand),
        "may_set_aside": stands
        and (
            can_handle_case(user, region=region)
            or can_confirm_text(user, region=region, had_a_hand=frozenset())
        ),
    }
    status = 422 if confirmation or aside else 200
    return render(request, "desk/texts/text.html", context, status=status)


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
