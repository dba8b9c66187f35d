"""My day: what is late, due and told; and handing over what an absent colleague answers for."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.desk.access import desk_member
from cms.desk.day.forms import AbsenceForm
from cms.desk.day.links import page_of
from cms.desk.day.waiting import waiting_for
from cms.desk.wording import obstacle_words
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.clocks.models import Absence
from jiujinan.clocks.queries import running_for, unread_for
from jiujinan.clocks.services import mark_read
from needs.services.absences import end_absence, plan_absence
from needs.services.refusals import NotReady

PAGE_SIZE = 50
NOTICES_SHOWN = 50


@require_safe
@never_cache
@desk_member
def my_day(request: HttpRequest) -> HttpResponse:
    """Show the person's running clocks, the most pressing first, and what they were told and haven't read."""
    user, now = cast("User", request.user), timezone.now()
    clocks = running_for(user)
    paginator = Paginator(clocks, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    unread = unread_for(user)
    context = {
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "late": clocks.filter(due_at__lt=now).count(),
        "today": clocks.filter(due_at__gte=now, due_at__date=timezone.localdate(now)).count(),
        "clocks": [(clock, page_of(clock)) for clock in page],
        "notices": [(notice, page_of(notice)) for notice in unread[:NOTICES_SHOWN]],
        "unread": unread.count(),
        "waiting": waiting_for(user, now=now),
        "now": now,
    }
    return render(request, "desk/day/day.html", context)


@require_POST
@desk_member
def read(request: HttpRequest) -> HttpResponse:
    """Put the chosen notices off the day."""
    chosen = [int(pk) for pk in request.POST.getlist("notice") if pk.isdecimal()][:NOTICES_SHOWN]
    mark_read(user=cast("User", request.user), notices=chosen, now=timezone.now())
    return redirect("desk:day")


@require_http_methods(["GET", "POST"])
@never_cache
@desk_member
def absences(request: HttpRequest) -> HttpResponse:
    """Show the absences that the person has to do with, and enter one."""
    user = cast("User", request.user)
    form = AbsenceForm(request.POST if request.method == "POST" else None, by=user)
    if request.method == "POST" and form.is_valid():
        try:
            absence = plan_absence(by=user, now=timezone.now(), **form.cleaned_data)
        except NotAllowed:
            form.add_error(
                None, _("Only the colleague or a supervisor of the cases' regions hands them over.")
            )
        except NotReady as obstacle:
            form.add_error(None, obstacle_words(obstacle.obstacles))
        else:
            count = absence.handovers.count()
            messages.success(
                request,
                ngettext(
                    "Entered; %(count)d case was handed over.",
                    "Entered; %(count)d cases were handed over.",
                    count,
                )
                % {"count": count},
            )
            return redirect("desk:absences")
    concerned = Absence.objects.filter(Q(user=user) | Q(substitute=user) | Q(by=user))
    paginator = Paginator(concerned.select_related("user", "substitute", "by"), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "page_range": paginator.get_elided_page_range(page.number)}
    return render(request, "desk/day/absences.html", context, status=422 if form.errors else 200)


@require_POST
@desk_member
def come_back(request: HttpRequest, absence_id: int) -> HttpResponse:
    """End an absence now, and give back what is left of it."""
    absence = get_object_or_404(Absence, pk=absence_id)
    try:
        count = end_absence(absence=absence, by=cast("User", request.user), now=timezone.now())
    except NotAllowed:
        raise PermissionDenied from None
    messages.success(
        request,
        ngettext("%(count)d case was returned.", "%(count)d cases were returned.", count) % {"count": count},
    )
    return redirect("desk:absences")
