"""What a verified case lacks: one need, its items, and the one gap that everybody serves."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiujinan.codes import ITEM_CATEGORY_LABELS, ITEM_KIND_LABELS, TIER_LABELS
from needs.labels import lazy_choices
from needs.models.case_record import CaseRecord
from needs.states import Fulfilment, NeedState, fulfilment

NEED_STATE_LABELS = {
    NeedState.DRAFT: _("Draft"),
    NeedState.VERIFIED: _("Verified"),
    NeedState.PUBLISHED: _("Published"),
    NeedState.CLOSED: _("Closed"),
    NeedState.WITHDRAWN: _("Withdrawn"),
}
UNIT_LABELS = {"fen": _("yuan"), "session": _("session(s)"), "piece": _("piece(s)")}


class Need(models.Model):
    """The need of one case. Its difficulty score (0–100) and tier set its place in the queue."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(CaseRecord, models.PROTECT, related_name="need")
    state = models.CharField(_("state"), max_length=12, choices=NEED_STATE_LABELS, default=NeedState.DRAFT)
    tier = models.CharField(_("tier"), max_length=15, choices=lazy_choices(TIER_LABELS))
    score = models.PositiveSmallIntegerField(_("difficulty score"), default=0)
    score_parts = models.JSONField(default=dict)
    score_version = models.PositiveIntegerField(default=0)
    scored_at = models.DateTimeField(_("scored at"), null=True)
    score_due_at = models.DateTimeField(null=True, help_text="Since when a new score is owed.")
    suspended_at = models.DateTimeField(_("help suspended since"), null=True)
    suspended_reason = models.CharField(_("suspended because"), max_length=30, blank=True)
    verified_at = models.DateTimeField(_("verified at"), null=True)
    published_at = models.DateTimeField(_("published at"), null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(score__lte=100), name="score_is_0_to_100")
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "tier", "-score"]),
            models.Index(
                fields=["score_due_at"], condition=Q(score_due_at__isnull=False), name="needs_owed_a_score"
            ),
        ]

    def __str__(self) -> str:
        return f"need {self.pk}"


class NeedItem(models.Model):
    """One thing lacking, in whole units (fen, sessions or pieces). `gap` is computed by the database."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    need = models.ForeignKey(Need, models.PROTECT, related_name="items")
    kind = models.CharField(_("kind"), max_length=8, choices=lazy_choices(ITEM_KIND_LABELS))
    category = models.CharField(_("category"), max_length=20, choices=lazy_choices(ITEM_CATEGORY_LABELS))
    unit = models.CharField(_("unit"), max_length=8, choices=UNIT_LABELS)
    required = models.PositiveBigIntegerField(_("required"))
    government = models.PositiveBigIntegerField(_("covered by government"), default=0)
    insurance = models.PositiveBigIntegerField(_("covered by insurance"), default=0)
    committed = models.PositiveBigIntegerField(_("committed"), default=0)
    fulfilled = models.PositiveBigIntegerField(_("delivered"), default=0)
    package = models.PositiveSmallIntegerField(
        _("package"),
        default=0,
        help_text="Items of a need with the same number make sense only together; 0: alone.",
    )
    gap = models.GeneratedField(
        expression=F("required") - F("government") - F("insurance") - F("committed"),
        output_field=models.BigIntegerField(),
        db_persist=True,
        verbose_name=_("gap"),
    )

    class Meta:
        ordering: ClassVar = ["need", "kind", "category", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(committed__lte=F("required") - F("government") - F("insurance")),
                name="never_served_past_the_gap",
            ),
            models.CheckConstraint(
                condition=Q(fulfilled__lte=F("committed")), name="delivered_what_was_committed"
            ),
            models.CheckConstraint(condition=Q(required__gt=0), name="an_item_lacks_something"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.category}"

    @property
    def lacking(self) -> int:
        """What social forces are asked for: required − government − insurance."""
        return self.required - self.government - self.insurance

    @property
    def fulfilment(self) -> Fulfilment:
        """What has become of the item."""
        return fulfilment(lacking=self.lacking, gap=self.lacking - self.committed, fulfilled=self.fulfilled)
