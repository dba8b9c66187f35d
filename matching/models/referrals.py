"""Referral (转介): a service asked of an agency, answered, given, and its outcome fed back."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from matching.models.proposals import Proposal
from matching.states import ReferralState

REFERRAL_STATE_LABELS = {
    ReferralState.REQUESTED: _("Requested"),
    ReferralState.RECEIVED: _("Received"),
    ReferralState.ACCEPTED: _("Accepted"),
    ReferralState.REJECTED: _("Rejected"),
    ReferralState.IN_PROGRESS: _("In progress"),
    ReferralState.ON_HOLD: _("On hold"),
    ReferralState.COMPLETED: _("Completed"),
    ReferralState.FAILED: _("Failed"),
    ReferralState.CANCELLED: _("Cancelled"),
    ReferralState.EXPIRED: _("Expired"),
}


class Referral(models.Model):
    """So many sessions of one offer for one need item."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.OneToOneField(Proposal, models.PROTECT, null=True, related_name="referral")
    item = models.ForeignKey("needs.NeedItem", models.PROTECT, related_name="referrals")
    offer = models.ForeignKey(
        "donors.ServiceOffer", models.PROTECT, related_name="referrals", verbose_name=_("service offer")
    )
    quantity = models.PositiveBigIntegerField(_("sessions"))
    given = models.PositiveBigIntegerField(_("sessions given"), default=0)
    state = models.CharField(
        _("state"), max_length=12, choices=REFERRAL_STATE_LABELS, default=ReferralState.REQUESTED
    )
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)
    hold = models.UUIDField()
    requested_at = models.DateTimeField(_("requested at"))
    answer_due_at = models.DateTimeField(_("answer by"))
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        ordering: ClassVar = ["answer_due_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, given__lte=F("quantity")), name="given_within_the_referral"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["offer", "state"])]

    def __str__(self) -> str:
        return f"referral {self.pk}"
