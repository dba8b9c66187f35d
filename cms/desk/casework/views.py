"""One longer act on one case: its form, and the domain call behind it."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cms.desk.access import desk_member
from cms.desk.casework.acts import ACTS
from cms.desk.queries import cases_for
from cms.desk.wording import obstacle_words
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.states import ForbiddenAct
from needs.services.coverage import GapExceeded
from needs.services.refusals import NotReady


@require_http_methods(["GET", "POST"])
@never_cache
@desk_member
def case_form(request: HttpRequest, case_id: str, name: str) -> HttpResponse:
    """Show the act's form, or do the act and return to the case; what refuses it stands above the form."""
    user = cast("User", request.user)
    case = get_object_or_404(cases_for(user), pk=case_id)
    act = ACTS.get(name)
    if act is None:
        raise Http404
    if not act.allowed(user, case):
        if request.method == "POST":
            raise PermissionDenied
        messages.error(request, _("This is not possible any more; the page now shows how things stand."))
        return redirect("desk:case", case_id)
    form = act.form(request.POST if request.method == "POST" else None, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            act.do(case, form, user, timezone.now())
        except NotAllowed:
            raise PermissionDenied from None
        except NotReady as obstacle:
            form.add_error(None, obstacle_words(obstacle.obstacles))
        except GapExceeded:
            form.add_error(None, _("More has been committed than would then be lacking."))
        except ForbiddenAct:
            messages.error(request, _("This is not possible any more; the page now shows how things stand."))
            return redirect("desk:case", case_id)
        else:
            messages.success(request, _("Done and recorded."))
            return redirect("desk:case", case_id)
    context = {"case": case, "form": form, "act": act}
    return render(request, "desk/casework/form.html", context, status=422 if form.errors else 200)
