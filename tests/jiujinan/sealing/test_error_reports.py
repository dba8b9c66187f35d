"""An error report repeats no value, not even where the exception itself names it."""

from django.views.debug import get_exception_reporter_class

from jiujinan.sealing.fields import Plain

NAME, NUMBER = "欧阳墨鹮", "990121197005120017"


def test_an_error_report_masks_the_words_of_the_exception() -> None:
    Plain(NAME)
    try:
        raise ValueError(f"wrong: {NAME} {NUMBER}")
    except ValueError as fault:
        reporter = get_exception_reporter_class(None)(None, type(fault), fault, fault.__traceback__)
        texts = reporter.get_traceback_text(), reporter.get_traceback_html()
    for text in texts:
        assert "wrong: ••• •••" in text
        assert NAME not in text
        assert NUMBER not in text
