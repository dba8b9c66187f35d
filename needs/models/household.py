"""Households and their people; who a person is stays sealed."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiujinan.codes import RELIEF_CIRCLE_LABELS
from jiujinan.sealing.fields import SealedField
from needs.labels import lazy_choices


class Household(models.Model):
    """The family that a case is about: structure, income, unavoidable spending (12 months, fen)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="+", verbose_name=_("region"))
    size = models.PositiveSmallIntegerField(_("household size"))
    monthly_income_fen = models.PositiveBigIntegerField(_("monthly income"), default=0)
    medical_expense_fen = models.PositiveBigIntegerField(_("medical expenses, 12 months"), default=0)
    schooling_expense_fen = models.PositiveBigIntegerField(_("schooling expenses, 12 months"), default=0)
    other_expense_fen = models.PositiveBigIntegerField(_("other unavoidable expenses, 12 months"), default=0)
    declared_circle = models.CharField(
        _("relief circle established by the government"),
        max_length=12,
        choices=lazy_choices(RELIEF_CIRCLE_LABELS),
        blank=True,
    )
    circle = models.CharField(
        _("relief circle"), max_length=12, choices=lazy_choices(RELIEF_CIRCLE_LABELS), blank=True
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(size__gte=1), name="household_has_someone")
        ]

    def __str__(self) -> str:
        return f"household {self.pk}"


class Person(models.Model):
    """A member of the household. Names and numbers are ciphertext; blind indexes find, but do not show them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    is_head = models.BooleanField(_("head of household"), default=False)
    relation = models.CharField(_("relation to head (GB/T 4761)"), max_length=2, blank=True)
    sex = models.CharField(_("sex (GB/T 2261.1)"), max_length=1, default="9")
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True)
    groups = models.JSONField(_("groups"), default=list, blank=True)
    name = SealedField()
    id_number = SealedField(null=True)
    phone = SealedField(null=True)
    address = SealedField(null=True)
    bank_account = SealedField(null=True)
    id_index = models.CharField(max_length=32, blank=True)
    name_index = models.CharField(max_length=32, db_index=True)
    phone_index = models.CharField(max_length=32, blank=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["id_index"], condition=~Q(id_index=""), name="one_person_per_id_number"
            ),
            models.UniqueConstraint(
                fields=["household"], condition=Q(is_head=True), name="one_head_per_household"
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"
