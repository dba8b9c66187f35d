"""A complaint or correction: what somebody says is wrong, with its owner and deadline."""

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiujinan.sealing.blind_index import blind_index
from jiujinan.sealing.fields import SealedField
from needs.discovery.complaint_states import KIND_LABELS, OUTCOME_LABELS, STATE_LABELS, ComplaintState
from needs.labels import lazy_choices


class Complaint(models.Model):
    """What somebody says is wrong. The words and how to reach them are sealed: they may name people."""

    INDEX_COLUMNS = ("phone_index", "tracking_index")  # `origin_index` lives for a day, shorter than any key

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tracking_index = models.CharField(max_length=32, unique=True)
    tracking_number = SealedField(null=True)  # opened by rotation alone, which needs it for the index
    origin_index = models.CharField(max_length=32, blank=True, db_index=True)
    phone_index = models.CharField(max_length=32, blank=True, db_index=True)
    kind = models.CharField(_("what is wrong"), max_length=20, choices=lazy_choices(KIND_LABELS))
    project = models.ForeignKey(
        "needs.Project", models.PROTECT, null=True, related_name="+", verbose_name=_("project")
    )
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="+", verbose_name=_("region"))
    words = SealedField()
    name = SealedField(null=True)
    phone = SealedField(null=True)
    received_at = models.DateTimeField(_("received at"))
    due_at = models.DateTimeField(_("next answer due"), null=True)
    state = models.CharField(
        _("state"), max_length=10, choices=lazy_choices(STATE_LABELS), default=ComplaintState.RECEIVED
    )
    taken_down_at = models.DateTimeField(_("project taken down at"), null=True)
    outcome = models.CharField(_("answer"), max_length=12, choices=lazy_choices(OUTCOME_LABELS), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="complaints",
        verbose_name=_("person in charge"),
    )

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(state="answered") & ~Q(outcome="")) | (~Q(state="answered") & Q(outcome="")),
                name="an_answered_complaint_has_its_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state="answered") | Q(due_at__isnull=False),
                name="an_open_complaint_has_its_deadline",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="complaints_by_deadline")]

    def __str__(self) -> str:
        return f"complaint {self.pk}"

    def blind_indexes(self, opened: Mapping[str, str | None]) -> dict[str, str]:
        """Return the row's blind indexes by column, from its opened fields; rotation asks for it."""
        phone, number = opened["phone"], opened["tracking_number"]
        return {
            "phone_index": blind_index(phone, kind="phone") if phone else "",
            "tracking_index": blind_index(number, kind="tracking") if number else self.tracking_index,
        }
