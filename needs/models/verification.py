"""What happens on the way to a decision: questions on one item, checks, consents, conferences, appeals."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiujinan.codes import ITEM_CATEGORY_LABELS
from jiujinan.sealing.fields import SealedField
from needs.labels import lazy_choices
from needs.models.case_record import CHECK_LABELS, CaseRecord
from needs.models.need import NeedItem

CONSENT_LABELS = {
    "economic_check": _("Check of the economic status"),
    "publication": _("Anonymous publication"),
    "sharing": _("Sharing with social forces that help"),
}
CHECK_SCOPE_LABELS = {
    "income": _("Wages, pensions and other income"),
    "deposits": _("Bank deposits and securities"),
    "property": _("Housing"),
    "vehicles": _("Vehicles"),
    "business": _("Businesses"),
    "insurance": _("Social and commercial insurance"),
    "tax": _("Tax and provident fund"),
}
GIVER_LABELS = {
    "self": _("The person"),
    "guardian": _("A guardian"),
    "household": _("All adults of the household"),
}
APPEAL_OUTCOME_LABELS = {"upheld": _("The refusal stands"), "overturned": _("The case is verified again")}
DECISION_LABELS = {
    "verify": _("Verify the case"),
    "refuse": _("Refuse the case"),
    "return": _("Return it for more"),
    "raise_tier": _("Make it critical"),
    "hard_case": _("Treat it as a hard case (higher limit)"),
}


def _person(label: Any, *, null: bool = False) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=null, related_name="+", verbose_name=label
    )


class ItemReturn(models.Model):
    """One item of a case sent back for more; the others are not asked again."""

    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="item_returns")
    item = models.ForeignKey(NeedItem, models.SET_NULL, null=True, related_name="returns")
    category = models.CharField(
        _("what is needed"), max_length=20, choices=lazy_choices(ITEM_CATEGORY_LABELS)
    )
    question = models.CharField(_("what is missing"), max_length=300)
    asked_by = _person(_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    answered_by = _person(_("answered by"), null=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        ordering: ClassVar = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(answered_at=None, item__isnull=False),
                name="one_open_question_per_item",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.category}"


class EconomicCheck(models.Model):
    """The result of a check of the household's means (核对), with what was looked at."""

    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="checks")
    result = models.CharField(_("result"), max_length=10, choices=CHECK_LABELS)
    scope = models.JSONField(_("what was checked"), default=list)
    checked_on = models.DateField(_("checked on"))
    authority = models.CharField(_("checked by (unit)"), max_length=120)
    reference = models.CharField(_("report number"), max_length=60, blank=True)
    by = _person(_("recorded by"))
    at = models.DateTimeField(_("recorded at"))

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.result}"


class Consent(models.Model):
    """A separate consent (PIPL 25, 29, 31): to what, from whom, since when, and when it was withdrawn."""

    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="consents")
    kind = models.CharField(_("consent to"), max_length=15, choices=CONSENT_LABELS)
    scope = models.CharField(_("scope"), max_length=200, blank=True)
    given_by = models.CharField(_("given by"), max_length=10, choices=GIVER_LABELS)
    given_on = models.DateField(_("given on"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True)
    by = _person(_("recorded by"))
    at = models.DateTimeField(_("recorded at"))
    withdrawal_by = _person(_("withdrawal recorded by"), null=True)

    class Meta:
        ordering: ClassVar = ["-given_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(withdrawn_on=None), name="one_standing_consent_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("given_on")),
                name="withdrawn_after_it_was_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Conference(models.Model):
    """A case conference (联席会议): who met, what was decided, and that it was carried out. The minutes are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="conferences")
    held_on = models.DateField(_("held on"))
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("participants")
    )
    guests = models.CharField(_("other units"), max_length=200, blank=True)
    minutes = SealedField()
    decision = models.CharField(_("decision"), max_length=12, choices=DECISION_LABELS)
    reason = models.CharField(_("reason"), max_length=300)
    by = _person(_("recorded by"))
    at = models.DateTimeField(_("recorded at"))
    applied_by = _person(_("carried out by"), null=True)
    applied_at = models.DateTimeField(_("carried out at"), null=True)

    class Meta:
        ordering: ClassVar = ["-held_on", "-at"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.decision}"


class Appeal(models.Model):
    """Somebody refused asks again; another person than who refused decides."""

    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="appeals")
    grounds = models.CharField(_("grounds"), max_length=300)
    filed_on = models.DateField(_("filed on"))
    recorded_by = _person(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))
    refused_by = _person(_("refused by"), null=True)
    due_at = models.DateTimeField(_("decide by"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=APPEAL_OUTCOME_LABELS, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = _person(_("decided by"), null=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        ordering: ClassVar = ["-recorded_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(decided_at=None), name="one_open_appeal_per_case"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("refused_by")), name="an_appeal_is_decided_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("recorded_by")), name="an_appeal_is_not_decided_by_who_took_it_in"
            ),
        ]

    def __str__(self) -> str:
        return f"appeal {self.case_id}"
