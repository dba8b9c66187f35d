"""The dated table of administrative divisions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiujinan.regions import rules
from jiujinan.regions.queries import RegionQuerySet


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
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "code"], name="regions_by_level")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_fictitious(self) -> bool:
        """Return whether the division is an invented one of the demonstration."""
        return rules.is_fictitious(self.code)
