"""What a signed-in person keeps for later. Without an account the browser keeps it, and the site knows nothing."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class SavedProject(models.Model):
    """One project that somebody keeps."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    project = models.ForeignKey("needs.Project", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "project"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "project"], name="a_project_is_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.project_id}"
