"""Who comes into the desk's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from jiujinan.accounts.predicates import can_enter_desk

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def desk_member(view: View[Rest]) -> View[Rest]:
    """Let members of civil affairs units in, nobody else."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not can_enter_desk(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast("View[Rest]", login_required(checked))
