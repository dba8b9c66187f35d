"""The dated table of administrative divisions, and the reads that callers share."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiujinan.regions import rules
from jiujinan.regions.rules import prefix


class RegionQuerySet(models.QuerySet["Region"]):
    """Verbs over divisions; all of them chain."""

    def within(self, code: str) -> Self:
        """Keep the division itself and everything inside it, abolished ones too."""
        return self.filter(code__startswith=prefix(code))

    def valid_on(self, day: date) -> Self:
        """Keep what existed on that day."""
        begun = Q(valid_from=None) | Q(valid_from__lte=day)
        unended = Q(valid_to=None) | Q(valid_to__gt=day)
        return self.filter(begun, unended)

    def current(self) -> Self:
        """Keep what was never abolished."""
        return self.filter(valid_to=None)

    def provinces(self) -> Self:
        """Keep the first level."""
        return self.filter(level=rules.Level.PROVINCE)

    def prefectures(self) -> Self:
        """Keep the second level."""
        return self.filter(level=rules.Level.PREFECTURE)

    def counties(self) -> Self:
        """Keep the third level."""
        return self.filter(level=rules.Level.COUNTY)


class Region(models.Model):
    """
    One division under one code, for the time that it existed.

    `valid_to` is the first day on which it no longer existed; `replaced_by` names the division
    that took over its people, where one did.
    """

    class Level(models.TextChoices):
        """`rules.Level` with its labels for forms."""

        PROVINCE = rules.Level.PROVINCE.value, _("Province")
        PREFECTURE = rules.Level.PREFECTURE.value, _("Prefecture")
        COUNTY = rules.Level.COUNTY.value, _("County")

    code = models.CharField(_("code"), max_length=rules.CODE_LENGTH, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("division above"),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )
    source = models.CharField(_("source"), max_length=200)
    updated_at = models.DateTimeField(_("updated at"))

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [models.Index(fields=["level", "code"], name="regions_by_level")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_fictitious(self) -> bool:
        """Return whether the division is an invented one of the demonstration."""
        return rules.is_fictitious(self.code)
