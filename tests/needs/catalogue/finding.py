"""Asking the catalogue as tests do."""

from typing import Any

from needs.catalogue.engine import find, shown
from needs.catalogue.question import Question
from tests.town import NOW


def found(text: str = "", **asked: Any) -> set[str]:
    """Return the numbers that a visitor is shown for a text and filters, on the first hundred places."""
    answer = find(Question(today=NOW.date(), text=text, size=100, **asked))
    return {project.number for project in shown(answer)}
