"""Versions of the score: the list, a draft, one version beside another, its dry run, its publication."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.desk.access import desk_member
from cms.desk.queries import cases_for
from cms.desk.scoring.comparing import lines, picture
from cms.desk.scoring.forms import ScoreForm
from cms.desk.wording import obstacle_words
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_draft_score, can_publish_score
from needs.assessment.score import VERSION
from needs.assessment.score_table import shipped_table
from needs.models import CaseRecord, Need, ScoreVersion
from needs.queries import open_needs, score_in_force
from needs.services.refusals import NotReady
from needs.services.rescoring import rescore_due
from needs.services.score_versions import draft_version, dry_run, publish_version

PAGE_SIZE = 25
AT_ONCE = 2000  # scores paid while the publisher waits; a clock pays the rest within minutes


@require_safe
@desk_member
def versions(request: HttpRequest) -> HttpResponse:
    """Show every version, the newest first, and what is still owed a score."""
    number = score_in_force()[0]
    table = _table(number)
    paginator = Paginator(ScoreVersion.objects.select_related("drafted_by", "published_by"), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "in_force": number,
        "lines": lines(table, table),
        "shipped": VERSION,
        "owed": Need.objects.filter(score_due_at__isnull=False).count(),
        "can_draft": can_draft_score(request.user),
    }
    return render(request, "desk/scoring/versions.html", context)


@require_http_methods(["GET", "POST"])
@desk_member
def draft(request: HttpRequest) -> HttpResponse:
    """Fill in a draft, beginning with the table in force."""
    user = cast("User", request.user)
    if not can_draft_score(user):
        raise PermissionDenied
    form = ScoreForm(request.POST if request.method == "POST" else None, start=_table(score_in_force()[0]))
    if request.method == "POST" and form.is_valid():
        version = draft_version(
            table=form.table(), note=form.cleaned_data["note"], by=user, now=timezone.now()
        )
        return redirect("desk:score", version.number)
    return render(request, "desk/scoring/draft.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@never_cache
@desk_member
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show a version beside another (the one in force), and, when asked, what it would change in the user's region."""
    user = cast("User", request.user)
    row = get_object_or_404(ScoreVersion.objects.select_related("drafted_by", "published_by"), number=number)
    in_force = score_in_force()[0]
    other = _number(request.GET.get("with"), in_force)
    context: dict[str, Any] = {
        "version": row,
        "other": other,
        "others": [VERSION, *ScoreVersion.objects.exclude(pk=row.pk).values_list("number", flat=True)],
        "lines": lines(row.table, _table(other)),
        "in_force": in_force,
        "can_publish": row.state == "draft" and can_publish_score(user, drafted_by=row.drafted_by_id),
    }
    if request.GET.get("try") and row.state == "draft":
        needs = open_needs().filter(case__in=cases_for(user).order_by().values("pk"))
        found = dry_run(version=row, needs=needs, now=timezone.now())
        cases = CaseRecord.objects.in_bulk(
            [one.key for one in (*found.risers, *found.fallers)], field_name="pk"
        )
        numbers = {str(pk): case.number for pk, case in cases.items()}
        context |= {
            "found": found,
            "bars": picture(found),
            "risers": [(one, numbers[one.key]) for one in found.risers],
            "fallers": [(one, numbers[one.key]) for one in found.fallers],
        }
    return render(request, "desk/scoring/version.html", context)


@require_POST
@desk_member
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Put a draft in force; the first cases are scored at once, the others within minutes."""
    row = get_object_or_404(ScoreVersion, number=number)
    now = timezone.now()
    try:
        publish_version(version=row, by=cast("User", request.user), now=now)
    except NotAllowed:
        raise PermissionDenied from None
    except NotReady as obstacle:
        messages.error(request, obstacle_words(obstacle.obstacles))
        return redirect("desk:score", number)
    scored = rescore_due(now=now, most=AT_ONCE)
    messages.success(
        request,
        _("In force; %(count)d cases were scored anew, the rest follow within minutes.") % {"count": scored},
    )
    return redirect("desk:scores")


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else default


def _table(number: int) -> dict[str, Any]:
    row = ScoreVersion.objects.filter(number=number).first()
    return dict(row.table if row else shipped_table())
