"""Who comes into the portal, and for which organisations."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.predicates import can_enter_admin, can_enter_portal
from jiujinan.accounts.roles import PORTAL_ROLES, Role

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]
SERVICE_ROLES = frozenset({Role.AGENCY_WORKER, Role.STATION_KEEPER, Role.PARTNER_MANAGER})


def portal_member(view: View[Rest]) -> View[Rest]:
    """Let members of social forces in; send civil affairs staff to their desk, others to the sign-in."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        user = member(request)
        if can_enter_portal(user):
            return view(request, *args, **kwargs)
        if can_enter_admin(user):
            return redirect("wagtailadmin_home")
        raise PermissionDenied

    return cast("View[Rest]", login_required(checked))


def member(request: HttpRequest) -> User:
    """Return the person who is signed in."""
    return cast("User", request.user)


def organisations_of(user: User) -> list[Organisation]:
    """Return the social forces that the user works for."""
    return list(
        Organisation.objects.filter(memberships__user=user, memberships__role__in=PORTAL_ROLES).distinct()
    )


def organisation_ids(user: User, *roles: Role) -> list[int]:
    """Return the ids of the organisations in which the user has one of the roles."""
    held = user.memberships.filter(role__in=roles).values_list("organisation_id", flat=True)
    return sorted(set(held))
