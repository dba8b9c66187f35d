"""Free text about a need: masked before it is stored, and told in public only after two more people saw the masks."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from needs.models.need import Need


class ToldText(models.Model):
    """
    One masked text. What was typed is kept nowhere; `spans` say where something is masked and of which kind.

    Whoever proposed it and the two who confirm are three people; each confirmation repeats the hash of what
    was seen. The database holds both.
    """

    need = models.ForeignKey(Need, models.PROTECT, related_name="told_texts")
    text = models.TextField(_("text"))
    spans = models.JSONField(default=list, help_text="[[start, end, kind], …] in code points of the text.")
    text_hash = models.CharField(max_length=64)
    rules_version = models.PositiveSmallIntegerField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField(null=True)
    first_hash = models.CharField(max_length=64, blank=True)
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    second_hash = models.CharField(max_length=64, blank=True)
    set_aside_at = models.DateTimeField(null=True)
    set_aside_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_aside_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["proposed_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["need"], condition=Q(set_aside_at=None), name="one_standing_text_per_need"
            ),
            models.CheckConstraint(
                condition=(Q(first_by=None) | ~Q(first_by=F("proposed_by")))
                & (Q(second_by=None) | (~Q(second_by=F("proposed_by")) & ~Q(second_by=F("first_by")))),
                name="three_people_for_one_text",
            ),
            models.CheckConstraint(
                condition=(
                    Q(first_by=None, first_hash="") | Q(first_by__isnull=False, first_hash=F("text_hash"))
                )
                & (
                    Q(second_by=None, second_hash="")
                    | Q(first_by__isnull=False, second_by__isnull=False, second_hash=F("text_hash"))
                ),
                name="confirmed_what_stands_there",
            ),
        ]

    def __str__(self) -> str:
        return f"text {self.pk} of {self.need_id}"

    @property
    def confirmations(self) -> int:
        """How many people confirmed it, 0 to 2."""
        return (self.first_by_id is not None) + (self.second_by_id is not None)
