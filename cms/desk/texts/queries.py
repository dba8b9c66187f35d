"""Texts of the regions that the user's units cover."""

from django.db.models import QuerySet

from cms.desk.queries import cases_for
from jiujinan.accounts.models import User
from needs.models import ToldText


def texts_for(user: User) -> QuerySet[ToldText]:
    """Return the texts of the user's cases, with what the pages show."""
    return ToldText.objects.filter(need__case__in=cases_for(user).select_related(None)).select_related(
        "need__case__region__parent", "proposed_by", "first_by", "second_by", "set_aside_by"
    )


def waiting_texts(user: User) -> QuerySet[ToldText]:
    """Return the texts that still wait for a confirmation, the oldest first."""
    return texts_for(user).filter(set_aside_at=None, second_by=None).order_by("proposed_at", "pk")
