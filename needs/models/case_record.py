"""The government's file on a household's request: sealed, owned, under a clock, never public."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiujinan.codes import (
    CAUSE_LABELS,
    DISCOVERY_CHANNEL_LABELS,
    SENSITIVE_KIND_LABELS,
    SOURCE_LABELS,
    TIER_LABELS,
)
from jiujinan.sealing.fields import SealedField
from needs.labels import lazy_choices
from needs.models.household import Household, Person
from needs.states import CaseState

CASE_STATE_LABELS = {
    CaseState.RECEIVED: _("Received"),
    CaseState.UNDER_VERIFICATION: _("Under verification"),
    CaseState.RETURNED: _("Returned for more"),
    CaseState.VERIFIED: _("Verified"),
    CaseState.REFUSED: _("Refused"),
    CaseState.SUPERSEDED: _("Superseded"),
    CaseState.CLOSED: _("Closed"),
}
CHECK_LABELS = {
    "pending": _("Not yet checked"),
    "passed": _("Passed"),
    "failed": _("Failed"),
    "exempt": _("Exempt (small quick relief)"),
}


class CaseRecord(models.Model):
    """One request of one household, as one source tells it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(_("source"), max_length=30, choices=lazy_choices(SOURCE_LABELS))
    number = models.CharField(_("case number"), max_length=60)
    source_version = models.PositiveBigIntegerField(_("version in the source"), default=1)
    row_digest = SealedField(null=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="cases")
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="+", verbose_name=_("region"))
    channel = models.CharField(
        _("discovery channel"), max_length=20, choices=lazy_choices(DISCOVERY_CHANNEL_LABELS)
    )
    cause = models.CharField(_("cause"), max_length=20, choices=lazy_choices(CAUSE_LABELS))
    tier = models.CharField(_("tier"), max_length=15, choices=lazy_choices(TIER_LABELS))
    sensitive_kind = models.CharField(
        _("sensitive kind"), max_length=20, choices=lazy_choices(SENSITIVE_KIND_LABELS), blank=True
    )
    groups = models.JSONField(_("groups"), default=list, blank=True)
    languages = models.JSONField(_("languages that the household speaks"), default=list, blank=True)
    applied_on = models.DateField(_("applied or found on"))
    received_at = models.DateTimeField(_("received at"))
    economic_check = models.CharField(
        _("economic status check"), max_length=10, choices=CHECK_LABELS, default="pending"
    )
    government_done = models.BooleanField(_("government relief already granted or refused"), default=False)
    consent_on = models.DateField(_("consent to publication given on"), null=True, blank=True)
    consent_withdrawn_on = models.DateField(_("consent withdrawn on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=CASE_STATE_LABELS, default=CaseState.RECEIVED)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    unit = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, related_name="+", verbose_name=_("unit in charge")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person in charge")
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("case officer")
    )
    verifier = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("verifier")
    )
    publisher = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("publisher")
    )
    due_at = models.DateTimeField(_("next answer due"), null=True)
    beneficiary = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("beneficiary, if one person alone"),
    )
    is_hard_case = models.BooleanField(_("hard case (decided in conference)"), default=False)
    appeal_until = models.DateField(_("appeal possible until"), null=True)
    file_due_at = models.DateTimeField(_("file to be completed by"), null=True)
    file_completed_at = models.DateTimeField(_("file completed at"), null=True)

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "number"], name="one_case_per_source_number"),
            models.CheckConstraint(
                condition=~models.Q(officer=models.F("verifier"))
                & ~models.Q(officer=models.F("publisher"))
                & ~models.Q(verifier=models.F("publisher")),
                name="three_people_for_one_case",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region", "state"]),
            models.Index(fields=["state", "due_at"]),
            models.Index(fields=["id"], name="cases_with_a_language", condition=~models.Q(languages=[])),
        ]

    def __str__(self) -> str:
        return self.number
