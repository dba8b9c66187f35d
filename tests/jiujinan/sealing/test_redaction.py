"""Logs and error reports never hold what is sealed, whoever wrote it there."""

import logging
from io import StringIO

import pytest
from django.test import RequestFactory
from django.views.debug import ExceptionReporter, get_exception_reporter_filter

from jiujinan.sealing.fields import Plain
from jiujinan.sealing.redaction import MASK, NoValues, mask_structured, masked

NAME, ADDRESS = "夏侯试名", "云川市某路七号院"
NUMBER, PHONE, ACCOUNT = "990121197005120017", "13912345678", "9900000000000000001"


@pytest.fixture
def log() -> StringIO:
    return StringIO()


@pytest.fixture
def logger(log: StringIO) -> logging.Logger:
    """A logger with a handler that knows nothing of masking, as a server's or a worker's."""
    found = logging.Logger("elsewhere", logging.DEBUG)
    handler = logging.StreamHandler(log)
    handler.setFormatter(logging.Formatter("%(message)s"))
    found.addHandler(handler)
    return found


def test_numbers_are_known_by_their_shape() -> None:
    for number in (NUMBER, NUMBER[:17] + "X", PHONE, ACCOUNT):
        assert masked(f"号码{number}，") == f"号码{MASK}，"
    assert masked("case 2026000123 of 990121, 12:30:00") == "case 2026000123 of 990121, 12:30:00"


def test_names_and_addresses_are_known_once_they_were_sealed_or_opened(
    log: StringIO, logger: logging.Logger
) -> None:
    Plain(NAME), Plain(ADDRESS)
    logger.warning("could not take %s at %s (%s)", NAME, ADDRESS, {"id": NUMBER})
    logger.warning({"event": "x", "person": NAME})
    try:
        raise ValueError(f"{NAME} is not a number: {PHONE}")
    except ValueError:
        logger.exception("failed for %s", NAME)
    for secret in (NAME, ADDRESS, NUMBER, PHONE):
        assert secret not in log.getvalue()
    assert "ValueError" in log.getvalue()


def test_a_message_that_does_not_fit_its_arguments_is_masked_too(
    log: StringIO, logger: logging.Logger
) -> None:
    Plain(NAME)
    logging.raiseExceptions = False
    try:
        logger.warning(f"{NAME} %d", "x")
    finally:
        logging.raiseExceptions = True
    assert NAME not in log.getvalue()


def test_a_structured_event_is_masked_through_and_through() -> None:
    Plain(NAME)
    event = mask_structured(
        None, "info", {"event": "x", "rows": [{"name": NAME}], "count": 3, "at": (NUMBER,)}
    )
    assert event == {"event": "x", "rows": [{"name": MASK}], "count": 3, "at": (MASK,)}


def test_an_error_report_shows_no_value_even_in_debug_mode() -> None:
    request = RequestFactory().post("/", {"name": NAME, "id_number": NUMBER})
    assert isinstance(get_exception_reporter_filter(request), NoValues)
    person = {"name": "".join(NAME)}
    try:
        raise ValueError(len(person))
    except ValueError as error:
        report = ExceptionReporter(request, type(error), error, error.__traceback__)
        told = report.get_traceback_text() + report.get_traceback_html()
    assert "ValueError" in told
    assert "person" in told
    for secret in (NAME, NUMBER):
        assert secret not in told
