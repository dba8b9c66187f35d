"""A report of a need: what somebody told us before there was a case record."""

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiujinan.codes import CAUSE_LABELS, DISCOVERY_CHANNEL_LABELS, TIER_LABELS
from jiujinan.sealing.blind_index import blind_index
from jiujinan.sealing.fields import SealedField
from needs.discovery.rules import WHOSE_LABELS
from needs.discovery.states import ANSWER_LABELS, STATE_LABELS, ReportState
from needs.labels import lazy_choices


class NeedReport(models.Model):
    """The first word about somebody in difficulty. Everything that names a person is sealed."""

    INDEX_COLUMNS = ("phone_index", "tracking_index")  # `origin_index` lives for a day, shorter than any key

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tracking_index = models.CharField(max_length=32, unique=True)
    tracking_number = SealedField(null=True)  # opened by rotation alone, which needs it for the index
    origin_index = models.CharField(max_length=32, blank=True, db_index=True)
    whose = models.CharField(_("whom it is about"), max_length=8, choices=lazy_choices(WHOSE_LABELS))
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="+", verbose_name=_("region"))
    channel = models.CharField(
        _("discovery channel"), max_length=20, choices=lazy_choices(DISCOVERY_CHANNEL_LABELS)
    )
    cause = models.CharField(_("cause"), max_length=20, choices=lazy_choices(CAUSE_LABELS), blank=True)
    tier = models.CharField(_("tier"), max_length=15, choices=lazy_choices(TIER_LABELS))
    reporter_name = SealedField(null=True)
    phone = SealedField(null=True)
    person_name = SealedField(null=True)
    address = SealedField(null=True)
    story = SealedField()
    phone_index = models.CharField(max_length=32, blank=True, db_index=True)
    received_at = models.DateTimeField(_("received at"))
    due_at = models.DateTimeField(_("next answer due"), null=True)
    state = models.CharField(
        _("state"), max_length=10, choices=lazy_choices(STATE_LABELS), default=ReportState.RECEIVED
    )
    answer = models.CharField(_("answer"), max_length=16, choices=lazy_choices(ANSWER_LABELS), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reports", verbose_name=_("person in charge")
    )
    case = models.ForeignKey(
        "needs.CaseRecord", models.PROTECT, null=True, related_name="reports", verbose_name=_("case record")
    )
    visit = models.ForeignKey(
        "discovery.Visit", models.PROTECT, null=True, related_name="reports", verbose_name=_("visit")
    )

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="filed", case__isnull=False) | (~Q(state="filed") & Q(case__isnull=True)),
                name="a_filed_report_has_its_case",
            ),
            models.CheckConstraint(
                condition=(Q(state="answered") & ~Q(answer="")) | (~Q(state="answered") & Q(answer="")),
                name="an_answered_report_has_its_answer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["filed", "answered"]) | Q(due_at__isnull=False),
                name="a_waiting_report_has_its_deadline",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="reports_by_deadline"),
            models.Index(fields=["region", "state"], name="reports_by_region"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"

    def blind_indexes(self, opened: Mapping[str, str | None]) -> dict[str, str]:
        """Return the row's blind indexes by column, from its opened fields; rotation asks for it."""
        phone, number = opened["phone"], opened["tracking_number"]
        return {
            "phone_index": blind_index(phone, kind="phone") if phone else "",
            "tracking_index": blind_index(number, kind="tracking") if number else self.tracking_index,
        }
