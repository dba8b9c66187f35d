"""
Keeps sealed values out of logs and error reports, whoever wrote them there.

Two nets: the shapes of numbers that identify (ID numbers, mobiles, bank accounts), and the values themselves that
this process sealed or opened most recently, so that names and addresses are caught as well. Every log record is
masked where it is made, so that no handler – a server's, a worker's – needs to know of it.
"""

import logging
import re
import traceback
from collections import deque
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

MASK = "•••"
_REMEMBERED, _LONGEST = 4000, 300
_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[0-9Xx]|1[3-9]\d{9}|\d{16,19})(?![0-9A-Za-z])")
_recent: deque[str] = deque(maxlen=_REMEMBERED)


def remember(text: str) -> None:
    """Keep the value in mind, so that it is masked where this process prints it."""
    if 1 < len(text) <= _LONGEST:
        _recent.append(text)


def masked(text: str) -> str:
    """Return the text without numbers that identify and without recently sealed or opened values."""
    for value in sorted({value for value in _recent.copy() if value in text}, key=len, reverse=True):
        text = text.replace(value, MASK)
    return _NUMBERS.sub(MASK, text)


def masked_event(event: Any) -> Any:
    """Return a structured event with every text in it masked; usable as a step of a structlog chain."""
    if isinstance(event, str):
        return masked(event)
    if isinstance(event, dict):
        return {key: masked_event(value) for key, value in event.items()}
    if isinstance(event, list | tuple):
        return type(event)(masked_event(value) for value in event)
    return event


def mask_structured(logger: object, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Return the event masked: a processor for structlog, to stand before the renderer."""
    return {key: masked_event(value) for key, value in event.items()}


class MaskedRecord(logging.LogRecord):
    """A log record that is masked from the beginning: message, arguments and traceback."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.msg, dict):
            self.msg = masked_event(self.msg)
        else:
            self._settle()
        if self.exc_info and self.exc_info[0] is not None:
            self.exc_text = masked("".join(traceback.format_exception(*self.exc_info)).rstrip())

    def _settle(self) -> None:
        """Put the arguments into the message, so that nothing unmasked is left beside it."""
        try:
            self.msg, self.args = masked(logging.LogRecord.getMessage(self)), ()
        except (
            TypeError,
            ValueError,
            KeyError,
        ):  # logging itself reports a message that does not fit its arguments
            self.msg = masked(str(self.msg))


def install() -> None:
    """Let every log record of this process be a masked one."""
    logging.setLogRecordFactory(MaskedRecord)


class NoValues(SafeExceptionReporterFilter):
    """An error report names variables and fields, and shows what none of them holds."""

    def is_active(self, request: HttpRequest | None) -> bool:
        """Hide in debug mode too."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, str]:
        """Return the names alone."""
        return dict.fromkeys(request.POST, MASK) if request is not None else {}

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> ItemsView[str, Any]:
        """Return the names alone."""
        return dict.fromkeys(tb_frame.f_locals, MASK).items()


class MaskedReporter(ExceptionReporter):
    """An error report, mailed or shown, whose every text is masked: the exception's own words too."""

    def get_traceback_text(self) -> SafeString:
        """Return the report as text."""
        return SafeString(masked(super().get_traceback_text()))

    def get_traceback_html(self) -> SafeString:
        """Return the report as a page."""
        return SafeString(masked(super().get_traceback_html()))
