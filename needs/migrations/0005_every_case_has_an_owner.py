"""Give every case an owner: its officer, else the nearest case officer of its region, else whoever is there."""

from django.db import migrations, models


def give_owners(apps, schema_editor):
    CaseRecord = apps.get_model("needs", "CaseRecord")
    Membership = apps.get_model("accounts", "Membership")
    User = apps.get_model("accounts", "User")
    CaseRecord.objects.filter(owner=None).exclude(officer=None).update(owner=models.F("officer"))
    for region in CaseRecord.objects.filter(owner=None).values_list("region_id", flat=True).distinct():
        places = [region, region[:4] + "00", region[:2] + "0000"]
        held = list(
            Membership.objects.filter(role="case_officer", organisation__region__in=places).values_list(
                "organisation__region_id", "user_id"
            )
        )
        nearest = sorted(held, key=lambda row: (places.index(row[0]), row[1]))
        anybody = User.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True).first()
        owner = nearest[0][1] if nearest else anybody
        CaseRecord.objects.filter(owner=None, region=region).update(owner=owner)


def keep_declared_circles(apps, schema_editor):
    """Keep as established what stood in the one column that held both kinds of circle."""
    apps.get_model("needs", "Household").objects.update(declared_circle=models.F("circle"))


class Migration(migrations.Migration):

    dependencies = [("needs", "0004_verification_scores_and_clocks"), ("accounts", "0002_township_offices")]

    operations = [
        migrations.RunPython(give_owners, migrations.RunPython.noop),
        migrations.RunPython(keep_declared_circles, migrations.RunPython.noop),
    ]
