"""Which cases a substitute took over for an absence, so that what is left goes back."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiujinan.clocks.models import Absence
from needs.models.case_record import CaseRecord


class Handover(models.Model):
    """One case that went to the substitute; given back when the colleague returns, if the substitute still has it."""

    absence = models.ForeignKey(Absence, models.PROTECT, related_name="handovers")
    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="handovers")
    given_at = models.DateTimeField(_("handed over at"))
    returned_at = models.DateTimeField(_("returned at"), null=True)

    class Meta:
        ordering: ClassVar = ["given_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["absence", "case"], name="one_handover_per_case_and_absence")
        ]

    def __str__(self) -> str:
        return f"{self.absence_id} {self.case_id}"
