"""Who rebuilds the search index just now."""

from django.db import models


class CatalogueLease(models.Model):
    """One kind of work that only one process may do at a time."""

    name = models.CharField(max_length=40, primary_key=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.until}"
