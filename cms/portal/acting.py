"""One act of a form: do it, say what came of it, in words that tell what to do next."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from cms.portal.refusals import REFUSALS, in_words
from jiujinan.accounts.predicates import NotAllowed


def attempt(request: HttpRequest, act: Callable[[], object], *, done: str) -> bool:
    """Do the act; tell `done`, or why it was refused. Return whether it was done. Raises PermissionDenied."""
    try:
        act()
    except NotAllowed:
        raise PermissionDenied from None
    except REFUSALS as refusal:
        messages.error(request, in_words(refusal))
        return False
    messages.success(request, done)
    return True
