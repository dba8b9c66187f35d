"""What a run proposes, each with its reason."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.models.resource import ResourceRow, exactly_one_resource
from matching.models.runs import MatchRun
from matching.states import DeclineReason, ProposalState

PROPOSAL_STATE_LABELS = {
    ProposalState.PROPOSED: _("Proposed"),
    ProposalState.ACCEPTED: _("Accepted"),
    ProposalState.ADJUSTED: _("Accepted with another amount"),
    ProposalState.DECLINED: _("Declined"),
    ProposalState.EXPIRED: _("Expired"),
}
DECLINE_REASON_LABELS = {
    DeclineReason.NOT_NOW: _("Not now"),
    DeclineReason.OUTSIDE_PURPOSE: _("Outside our purpose"),
    DeclineReason.ALREADY_HELPED: _("Already helped this household"),
    DeclineReason.PREFERS_OTHER: _("Prefers another need"),
}


class Proposal(ResourceRow):
    """One resource for one need item, by so much, with the reasons both ways: numbers and bits, worded when read.

    A run writes a million at once, so each column and index has to earn its place: funds, offers and lots are found by
    those that hold their states too, and none finds the rows of a run: until the next ANALYZE the planner would take it
    for all. PostgreSQL checks by the statement that what is named is there (decision 126).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(MatchRun, models.PROTECT, related_name="proposals", db_index=False)
    fund = models.ForeignKey(
        "donors.Fund", models.PROTECT, null=True, related_name="+", verbose_name=_("fund"), db_index=False
    )
    offer = models.ForeignKey(
        "donors.ServiceOffer",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("service offer"),
        db_index=False,
    )
    lot = models.ForeignKey(
        "donors.GoodsLot",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("goods lot"),
        db_index=False,
    )
    item = models.ForeignKey("needs.NeedItem", models.PROTECT, related_name="proposals")
    amount = models.PositiveBigIntegerField(_("amount"))
    rules_passed = models.IntegerField(_("rules passed"))  # bits of `engine.codes.Rule`
    rank = models.IntegerField(_("rank of the need"), default=0)
    competitors = models.IntegerField(_("other needs that qualify"), default=0)
    idle_otherwise = models.BooleanField(_("would lie idle otherwise"), default=False)
    price_step = models.IntegerField(_("step that one more unit would reach"), default=-1)  # -1: none
    weeks = models.BigIntegerField(_("weeks of a referral"), default=0)  # one bit each, from the run's day on
    state = models.CharField(
        _("state"), max_length=10, choices=PROPOSAL_STATE_LABELS, default=ProposalState.PROPOSED
    )
    expires_at = models.DateTimeField(_("answer by"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    decline_reason = models.CharField(
        _("reason for declining"), max_length=20, choices=DECLINE_REASON_LABELS, blank=True
    )

    class Meta:
        ordering: ClassVar = ["expires_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=exactly_one_resource(), name="a_proposal_names_one_resource"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_proposal_offers_something"),
            models.CheckConstraint(condition=Q(rules_passed__gt=0), name="a_proposal_has_passed_rules"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["fund", "state"], name="proposals_of_a_fund", condition=Q(fund__isnull=False)
            ),
            models.Index(
                fields=["offer", "state"], name="proposals_of_an_offer", condition=Q(offer__isnull=False)
            ),
            models.Index(fields=["lot", "state"], name="proposals_of_a_lot", condition=Q(lot__isnull=False)),
            models.Index(
                fields=["answered_by"], name="proposals_answered", condition=Q(answered_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"
