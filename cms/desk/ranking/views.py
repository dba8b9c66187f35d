"""The ranked list and its export."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.desk.access import desk_member
from cms.desk.ranking.filters import RankingFilter, ranked_cases
from cms.desk.ranking.tables import MOST_ROWS, delimited, workbook
from jiujinan.accounts.models import User
from jiujinan.audit.services import record

PAGE_SIZE = 50
KINDS = {
    "xlsx": (workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (delimited, "text/csv; charset=utf-8"),
}


@require_safe
@desk_member
def ranking(request: HttpRequest) -> HttpResponse:
    """Show the cases of the user's regions, narrowed and ranked by what is chosen."""
    user = cast("User", request.user)
    filters = RankingFilter(request.GET, queryset=ranked_cases(user), user=user)
    paginator = Paginator(filters.ranked, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "filters": filters,
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "today": timezone.localdate(now),
        "rows": [(case, (timezone.localdate(now) - case.applied_on).days) for case in page],
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/ranking/ranking.html", context)


@require_safe
@never_cache
@desk_member
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Return the same list as a file; who took along how many cases goes into the trail."""
    user, now = cast("User", request.user), timezone.now()
    ranked = RankingFilter(request.GET, queryset=ranked_cases(user), user=user).ranked
    count = ranked.count()
    if count > MOST_ROWS:
        messages.error(request, _("So many cases don't fit one file; narrow the list first."))
        return redirect("desk:ranking")
    write, content_type = KINDS[kind]
    content = write(ranked.iterator(chunk_size=1000), now)
    record(
        stream=f"person:{user.pk}",
        action="cases.exported",
        by=user,
        subject=f"person:{user.pk}",
        data={"rows": count, "kind": kind, "filters": dict(request.GET.items())},
        now=now,
    )
    response = HttpResponse(content, content_type=content_type)
    name = f"cases-{timezone.localdate(now):%Y%m%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
