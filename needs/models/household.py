"""Households and their people; who a person is stays sealed."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiujinan.codes import RELIEF_CIRCLE_LABELS
from jiujinan.sealing.blind_index import blind_index
from jiujinan.sealing.fields import SealedField
from jiujinan.tabular.numbers import birth_date
from jiujinan.text.sounding import sound
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

    INDEX_COLUMNS = ("id_index", "name_index", "phone_index", "birth_index", "sound_index")

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
    born_on = SealedField(null=True)  # only where there is no ID number, which says it
    id_index = models.CharField(max_length=32, blank=True)
    name_index = models.CharField(max_length=32)
    phone_index = models.CharField(max_length=32, blank=True)
    birth_index = models.CharField(max_length=32, blank=True, default="")
    sound_index = models.CharField(max_length=32, blank=True, default="")
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="merged",
        verbose_name=_("merged into"),
        db_index=False,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["id_index"], condition=~Q(id_index=""), name="one_person_per_id_number"
            ),
            models.UniqueConstraint(
                fields=["household"], condition=Q(is_head=True), name="one_head_per_household"
            ),
        ]
        # Not `db_index`, which on PostgreSQL makes a second one for prefixes: nobody asks for half a blind index.
        indexes: ClassVar = [
            models.Index(fields=["name_index"], name="people_by_name_and_day"),
            models.Index(fields=["phone_index"], name="people_by_phone"),
            models.Index(fields=["birth_index"], name="people_by_birth"),
            models.Index(fields=["sound_index"], name="people_by_sound"),
            models.Index(
                fields=["merged_into"], name="people_merged", condition=Q(merged_into__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"

    def blind_indexes(self, opened: Mapping[str, str | None]) -> dict[str, str]:
        """Return the row's blind indexes by column, from its opened fields; rotation asks for them."""
        name, number = opened["name"] or "", opened["id_number"] or ""
        born_on = birth_date(number) if number else None
        if born_on is None and opened["born_on"]:
            born_on = date.fromisoformat(opened["born_on"])
        return person_indexes(
            name=name, number=number, phone=opened["phone"] or "", born_on=born_on, sex=self.sex
        )


def person_indexes(*, name: str, number: str, phone: str, born_on: date | None, sex: str) -> dict[str, str]:
    """Return a person's blind indexes by column: two that find the same value, three that find people alike.

    `birth_index` is of family name, birth date and sex; `sound_index` of how the name sounds and the year of birth;
    `name_index` of the name and the day of birth without its year, so that few share it however common the name is.
    """
    day = f"{name}\x1f{born_on:%m-%d}" if born_on else name
    birth = f"{name[:1]}\x1f{born_on}\x1f{sex}" if born_on else ""
    heard = f"{sound(name)}\x1f{born_on.year}" if born_on else ""
    return {
        "id_index": blind_index(number, kind="id_number") if number else "",
        "name_index": blind_index(day, kind="namesake"),
        "phone_index": blind_index(phone, kind="phone") if phone else "",
        "birth_index": blind_index(birth, kind="birth") if birth else "",
        "sound_index": blind_index(heard, kind="sound") if heard else "",
    }
