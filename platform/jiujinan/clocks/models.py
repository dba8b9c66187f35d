"""Clocks that run, what was told when they rang, and the dated settings that they go by."""

import uuid
from datetime import time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiujinan.clocks.rules import STEP_LABELS, UNIT_LABELS, Level

LEVEL_LABELS = {
    Level.TOWNSHIP: _("Township"),
    Level.COUNTY: _("County"),
    Level.PREFECTURE: _("Prefecture"),
    Level.PROVINCE: _("Province"),
}
STEP_CHOICES = [(step.value, _(label)) for step, label in STEP_LABELS.items()]
UNIT_CHOICES = [(unit.value, _(label)) for unit, label in UNIT_LABELS.items()]
TIER_CHOICES = [
    ("", _("Any urgency")),
    ("critical", _("Critical relief")),
    ("joint", _("Joint relief")),
    ("departmental", _("Departmental relief")),
]
NOTICE_LABELS = {
    "reminder": _("Due soon"),
    "overdue": _("Overdue"),
    "escalated": _("Overdue below you"),
    "ended": _("Ended without an answer"),
    "handed_over": _("Handed over to you"),
    "assigned": _("Assigned to you"),
    "returned": _("Returned to you"),
    "told": _("For your information"),
}


class Clock(models.Model):
    """Somebody owes an answer until a moment. One runs for each subject and step; an ended one is kept.

    `subject` is `case:<id>`, `referral:<id>` …; `case` is the case in which it is shown; `label` a number that names
    nobody. `rings_at` is when something has to be told next: a reminder, or that it is late, one level after another.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=80)
    step = models.CharField(_("step"), max_length=15, choices=STEP_CHOICES)
    case = models.UUIDField(null=True)
    label = models.CharField(_("number"), max_length=80, blank=True)
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="+", verbose_name=_("region"))
    tier = models.CharField(_("tier"), max_length=15, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="clocks", verbose_name=_("person in charge")
    )
    started_at = models.DateTimeField(_("begun at"))
    due_at = models.DateTimeField(_("due at"))
    rings_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)
    heard = models.JSONField(_("levels told"), default=list)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    outcome = models.CharField(_("outcome"), max_length=12, blank=True)

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "step"], condition=Q(ended_at=None), name="one_running_clock_per_step"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["rings_at"], condition=Q(ended_at=None), name="clocks_that_ring"),
            models.Index(fields=["owner", "due_at"], condition=Q(ended_at=None), name="clocks_of_a_person"),
            models.Index(fields=["case", "step"]),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.subject}"


class Notice(models.Model):
    """Something that a person is told, once: `key` says of what. It waits on the person's day until read."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    kind = models.CharField(_("kind"), max_length=12, choices=NOTICE_LABELS)
    subject = models.CharField(max_length=80)
    step = models.CharField(_("step"), max_length=15, choices=STEP_CHOICES, blank=True)
    case = models.UUIDField(null=True)
    label = models.CharField(_("number"), max_length=80, blank=True)
    level = models.CharField(_("level"), max_length=12, choices=LEVEL_LABELS, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True)
    at = models.DateTimeField(_("time"))
    read_at = models.DateTimeField(_("read at"), null=True)
    key = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["to", "-at"], condition=Q(read_at=None), name="unread_notices"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class DatedRow(models.Model):
    """A figure that holds in a region from a day on, entered by somebody with its source, and never edited."""

    region = models.ForeignKey(
        "regions.Region", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    valid_from = models.DateField(_("valid from"))
    source = models.CharField(_("source"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    at = models.DateTimeField(_("entered at"))

    class Meta:
        abstract = True
        ordering: ClassVar = ["-valid_from", "-pk"]

    @property
    def place(self) -> str:
        """Where it holds: a six-digit code, "" for the nation."""
        return self.region_id or ""


class ClockRule(DatedRow):
    """A region's limit for one step and tier."""

    step = models.CharField(_("step"), max_length=15, choices=STEP_CHOICES)
    tier = models.CharField(_("tier"), max_length=15, choices=TIER_CHOICES, blank=True)
    amount = models.PositiveIntegerField(_("limit"))
    unit = models.CharField(_("counted in"), max_length=15, choices=UNIT_CHOICES)
    remind_before = models.PositiveIntegerField(_("remind before"), default=0)
    escalate_every = models.PositiveIntegerField(_("one level further every"), default=1)

    class Meta(DatedRow.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_limit_gives_time"),
            models.CheckConstraint(condition=Q(escalate_every__gt=0), name="escalation_moves"),
            models.CheckConstraint(
                condition=Q(remind_before__lt=F("amount")), name="remind_within_the_limit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.tier} {self.place}"


class OfficeHours(DatedRow):
    """A region's office hours on working days."""

    morning_from = models.TimeField(_("morning from"), default=time(8, 30))
    morning_to = models.TimeField(_("morning to"), default=time(12, 0))
    afternoon_from = models.TimeField(_("afternoon from"), default=time(14, 30))
    afternoon_to = models.TimeField(_("afternoon to"), default=time(17, 30))

    class Meta(DatedRow.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    morning_from__lt=F("morning_to"),
                    morning_to__lt=F("afternoon_from"),
                    afternoon_from__lt=F("afternoon_to"),
                ),
                name="office_hours_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.morning_from}–{self.afternoon_to} {self.place}"


class CalendarDay(models.Model):
    """A day that the State Council's notice settles and the installed calendar lacks or errs on."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("working day"))
    source = models.CharField(_("source"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("entered at"))

    class Meta:
        ordering: ClassVar = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.is_working}"


class Duty(DatedRow):
    """Who owns a new case of the region from its first minute (首问负责)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person in charge")
    )

    class Meta(DatedRow.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.user} {self.place}"


class Absence(models.Model):
    """A colleague is away for a time; a substitute answers for what is open, and gives back what is left."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", verbose_name=_("colleague")
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("substitute")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to (last day away)"))
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("entered at"))
    begun_at = models.DateTimeField(_("handed over at"), null=True)
    ended_at = models.DateTimeField(_("returned at"), null=True)

    class Meta:
        ordering: ClassVar = ["-starts_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(user=F("substitute")), name="a_substitute_is_another"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="an_absence_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.substitute}"
