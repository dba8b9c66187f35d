"""Charters name whose the second approval is. SQLite rebuilds the table: the guards stand aside and come back."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from donors.ledger import guards

CHOICES = [
    ("payment_approver", "Another payment approver"),
    ("fund_manager", "A fund manager who did not promise the money"),
]


def aside(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    guards.remove(editor.connection)


def back(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    guards.install(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("donors", "0003_settlements_and_endings"), ("ledger", "0002_guards")]
    operations = [
        migrations.RunPython(aside, back),
        migrations.AddField(
            model_name="fundcharter",
            name="second_approval_by",
            field=models.CharField(
                choices=CHOICES,
                default="payment_approver",
                max_length=16,
                verbose_name="second approval by",
            ),
        ),
        migrations.AddField(
            model_name="paymentbatch",
            name="second_approval_by",
            field=models.CharField(
                choices=CHOICES,
                default="payment_approver",
                max_length=16,
                verbose_name="second approval by",
            ),
        ),
        migrations.RunPython(back, aside),
    ]
