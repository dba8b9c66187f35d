"""The public face of a need. All that site, search, feeds and API read; nothing in it leads to a person.

No case id, no person, no exact amount, no exact date: bands, months and a random number.
"""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from jiujinan.codes import (
    AMOUNT_BAND_LABELS,
    CAUSE_GROUP_LABELS,
    CAUSE_LABELS,
    ITEM_CATEGORY_LABELS,
    ITEM_KIND_LABELS,
    TIER_LABELS,
    WIDE_AMOUNT_BAND_LABELS,
)
from needs.labels import label_of, lazy_choices
from needs.states import ProjectState

PROJECT_STATE_LABELS = {
    ProjectState.PREPARED: _("Being prepared"),
    ProjectState.PUBLISHED: _("Published"),
    ProjectState.WITHDRAWN: _("Withdrawn"),
    ProjectState.CLOSED: _("Closed"),
}
AMOUNT_CHOICES = [*lazy_choices(AMOUNT_BAND_LABELS), *lazy_choices(WIDE_AMOUNT_BAND_LABELS)]
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def fresh_number() -> str:
    """Return a random public number (40 bits) that says nothing; the database lets no number be used twice."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


class ProjectQuerySet(models.QuerySet["Project"]):
    """What the public may ask."""

    def public(self) -> "ProjectQuerySet":
        """Return the projects that stand in public now."""
        return self.filter(state=ProjectState.PUBLISHED)

    def urgent_first(self) -> "ProjectQuerySet":
        """Order by tier, then by what is still lacking, then by number."""
        return self.order_by("urgency", "covered_percent", "number")


class Project(models.Model):
    """An anonymised, verified, published need; written by the gate alone."""

    number = models.CharField(_("project number"), max_length=12, primary_key=True, default=fresh_number)
    state = models.CharField(
        _("state"), max_length=10, choices=PROJECT_STATE_LABELS, default=ProjectState.PREPARED
    )
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="+", verbose_name=_("region"))
    cause = models.CharField(_("cause"), max_length=20, choices=lazy_choices(CAUSE_LABELS), blank=True)
    cause_group = models.CharField(
        _("kind of difficulty"), max_length=20, choices=lazy_choices(CAUSE_GROUP_LABELS), blank=True
    )
    tier = models.CharField(_("tier"), max_length=15, choices=lazy_choices(TIER_LABELS), blank=True)
    urgency = models.PositiveSmallIntegerField(default=9)
    amount_band = models.CharField(
        _("amount lacking at publication"),
        max_length=12,
        choices=AMOUNT_CHOICES,
        blank=True,
    )
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200)
    description_zh = models.TextField()
    description_en = models.TextField()
    published_month = models.DateField(_("published"))
    updated_month = models.DateField(_("updated"))
    covered_percent = models.PositiveSmallIntegerField(_("covered"), default=0)
    fulfilled_percent = models.PositiveSmallIntegerField(_("delivered"), default=0)
    content_hash = models.CharField(max_length=64)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["urgency", "number"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(covered_percent__lte=100, fulfilled_percent__lte=100), name="project_percent"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "urgency", "covered_percent", "number"]),
            models.Index(fields=["state", "region"]),
        ]

    def __str__(self) -> str:
        return self.title

    def get_tier_display(self) -> str:  # type: ignore[no-redef]  # the stubs' own
        """Return the tier's name in the reader's language."""
        return label_of(TIER_LABELS, self.tier)

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if (translation.get_language() or "").startswith("en") else self.title_zh

    @property
    def description(self) -> str:
        """The description in the reader's language."""
        english = (translation.get_language() or "").startswith("en")
        return self.description_en if english else self.description_zh


class ProjectItem(models.Model):
    """One thing that the project asks for, in bands and rounded shares."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=8, choices=lazy_choices(ITEM_KIND_LABELS))
    category = models.CharField(
        _("category"), max_length=20, choices=lazy_choices(ITEM_CATEGORY_LABELS), blank=True
    )
    amount_band = models.CharField(_("amount"), max_length=12, choices=AMOUNT_CHOICES, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), null=True)
    covered_percent = models.PositiveSmallIntegerField(_("covered"), default=0)
    fulfilled_percent = models.PositiveSmallIntegerField(_("delivered"), default=0)

    class Meta:
        ordering: ClassVar = ["project", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "place"], name="one_item_per_place")
        ]

    def __str__(self) -> str:
        return f"{self.project_id}.{self.place}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]  # the stubs' own
        """Return the kind's name in the reader's language."""
        return label_of(ITEM_KIND_LABELS, self.kind)

    def get_category_display(self) -> str:  # type: ignore[no-redef]  # the stubs' own
        """Return the category's name in the reader's language."""
        return label_of(ITEM_CATEGORY_LABELS, self.category)


class ProgressUpdate(models.Model):
    """One step of the project's way, told by code and month."""

    class Kind(models.TextChoices):
        """What happened."""

        PUBLISHED = "published", _("Verified and published")
        COMMITTED = "committed", _("A social force committed help")
        DELIVERED = "delivered", _("Help reached the household")
        REFERRED = "referred", _("A service was arranged")
        FULFILLED = "fulfilled", _("Everything asked for has arrived")
        CLOSED = "closed", _("The project is closed")

    project = models.ForeignKey(Project, models.CASCADE, related_name="updates")
    kind = models.CharField(max_length=12, choices=Kind)
    category = models.CharField(max_length=20, choices=lazy_choices(ITEM_CATEGORY_LABELS), blank=True)
    month = models.DateField()
    seq = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["project", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "seq"], name="one_update_per_place")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.kind}"


class SpentNumber(models.Model):
    """A public number that was given once, kept by the database so that it is never given again."""

    number = models.CharField(max_length=12, primary_key=True)

    def __str__(self) -> str:
        return self.number
