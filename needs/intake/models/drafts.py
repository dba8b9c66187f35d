"""What is being typed in by hand and is no case yet."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiujinan.sealing.fields import SealedField


class CaseDraft(models.Model):
    """A form half filled in, kept sealed for its author alone, until it is taken in or thrown away."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("typed by")
    )
    content = SealedField()
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        ordering: ClassVar = ["-saved_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["by", "saved_at"], name="drafts_of_a_person")]

    def __str__(self) -> str:
        return f"draft {self.pk}"
