import jiujinan.sealing.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('discovery', '0002_complaints'),
    ]

    operations = [
        migrations.AddField(
            model_name='needreport',
            name='tracking_number',
            field=jiujinan.sealing.fields.SealedField(null=True),
        ),
        migrations.AddField(
            model_name='complaint',
            name='tracking_number',
            field=jiujinan.sealing.fields.SealedField(null=True),
        ),
    ]
