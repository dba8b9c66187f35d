"""Keep why a proposal was made as columns: JSON took half of a proposal's place, and half of the time to write it."""

from django.db import migrations, models
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

RULES = (
    "region", "category", "tier", "group", "government_first", "period", "minimum_grant", "case_cap", "share_cap",
    "household_cap", "balance", "gap", "language", "capacity",
)  # fmt: skip
"""By bit, lowest first, as they were when this was written."""
PROPOSED_BY_HAND = 1


def read_reasons(apps, editor):  # noqa: ANN001, ANN201
    """Write what the JSON says into the columns; proposals of the resident engine named rules in words."""
    proposals = apps.get_model("matching", "Proposal").objects.using(editor.connection.alias)

    def told(name: str, without: int, kind: type[models.IntegerField] = IntegerField) -> Coalesce:
        return Coalesce(Cast(KT(f"reasons__{name}"), kind()), Value(without))

    proposals.update(
        rules_passed=told("rules", PROPOSED_BY_HAND),
        rank=told("rank", 0),
        competitors=told("competitors", 0),
        price_step=told("price_step", -1),
        weeks=told("weeks", 0, models.BigIntegerField),
        idle_otherwise=Case(When(reasons__idle_otherwise=True, then=Value(value=True)), default=Value(value=False)),
    )
    for proposal in proposals.filter(reasons__has_key="passed").iterator():
        bits = sum(1 << RULES.index(name) for name in set(proposal.reasons["passed"]) & set(RULES))
        proposals.filter(pk=proposal.pk).update(rules_passed=bits or PROPOSED_BY_HAND)


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0009_parts_of_a_solve_by_province"),
    ]

    operations = [
        migrations.AddField(
            "proposal", "rules_passed", models.IntegerField(default=PROPOSED_BY_HAND, verbose_name="rules passed"),
            preserve_default=False,
        ),
        migrations.AddField("proposal", "rank", models.IntegerField(default=0, verbose_name="rank of the need")),
        migrations.AddField(
            "proposal", "competitors", models.IntegerField(default=0, verbose_name="other needs that qualify")
        ),
        migrations.AddField(
            "proposal", "idle_otherwise", models.BooleanField(default=False, verbose_name="would lie idle otherwise")
        ),
        migrations.AddField(
            "proposal", "price_step",
            models.IntegerField(default=-1, verbose_name="step that one more unit would reach"),
        ),
        migrations.AddField(
            "proposal", "weeks", models.BigIntegerField(default=0, verbose_name="weeks of a referral")
        ),
        migrations.RunPython(read_reasons, migrations.RunPython.noop),
        migrations.RemoveField("proposal", "reasons"),
        migrations.AddConstraint(
            "proposal", models.CheckConstraint(condition=Q(rules_passed__gt=0), name="a_proposal_has_passed_rules")
        ),
    ]  # fmt: skip
