"""Reads of the division table that more than one caller needs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from jiujinan.regions.rules import Level, prefix

if TYPE_CHECKING:
    from jiujinan.regions.models import Region


class RegionQuerySet(models.QuerySet["Region"]):
    """Verbs over divisions; all of them chain."""

    def within(self, code: str) -> RegionQuerySet:
        """Keep the division itself and everything inside it, abolished ones too."""
        return self.filter(code__startswith=prefix(code))

    def valid_on(self, day: date) -> RegionQuerySet:
        """Keep what existed on that day."""
        begun = Q(valid_from=None) | Q(valid_from__lte=day)
        unended = Q(valid_to=None) | Q(valid_to__gt=day)
        return self.filter(begun, unended)

    def current(self) -> RegionQuerySet:
        """Keep what was never abolished."""
        return self.filter(valid_to=None)

    def provinces(self) -> RegionQuerySet:
        """Keep the first level."""
        return self.filter(level=Level.PROVINCE)

    def prefectures(self) -> RegionQuerySet:
        """Keep the second level."""
        return self.filter(level=Level.PREFECTURE)

    def counties(self) -> RegionQuerySet:
        """Keep the third level."""
        return self.filter(level=Level.COUNTY)
