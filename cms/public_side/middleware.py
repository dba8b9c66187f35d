"""Anonymous visitors are served by the public role: a mistake in a public page then meets "permission denied"."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, connection
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

# Where visitors do more than read the public face: they sign in, send a report, ask after it by its number, or
# are programs with a key of their own.
WORKING_PREFIXES = (
    "/admin/",
    "/accounts/",
    "/language/",
    "/portal/",
    "/report-a-need/",
    "/complaint/",
    "/track/",
    "/api/v1/case-records",
    "/api/v1/organisations",
)
Answer = Callable[[HttpRequest], HttpResponseBase]


class PublicRole:
    """Answer anonymous visitors of the public pages under the role that `JIUJINAN_PUBLIC_ROLE` names."""

    def __init__(self, get_response: Answer) -> None:
        if not settings.PUBLIC_ROLE or connection.vendor != "postgresql":
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Step down for the view and its template, and step up again."""
        if not is_public(request):
            return self.get_response(request)
        with stepped_down():
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _streamed(response.streaming_content)  # type: ignore[arg-type]
        return response


def is_public(request: HttpRequest) -> bool:
    """Return whether nobody is signed in and the address is one of the public side."""
    if request.path.startswith(WORKING_PREFIXES):
        return False
    known = settings.SESSION_COOKIE_NAME in request.COOKIES
    return not (known and request.user.is_authenticated)


@contextmanager
def stepped_down() -> Iterator[None]:
    """Run the body under the public role."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {connection.ops.quote_name(settings.PUBLIC_ROLE)}")
    try:
        yield
    finally:
        _step_up()


def _step_up() -> None:
    """Take the application's role again; a connection that can't is closed rather than given to the next visitor.

    Inside a transaction that failed there is nothing to do: rolling it back takes the step down back as well.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
    except DatabaseError:
        if not connection.in_atomic_block:
            connection.close()


def _streamed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the parts of a long answer, each made under the public role."""
    waiting = iter(parts)
    while True:
        with stepped_down():
            part = next(waiting, None)
        if part is None:
            return
        yield part
