"""Parts of a solve by province say when they were asked, so that what a killed coordinator left can go."""

from typing import ClassVar

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matching", "0011_names_are_looked_up_one_by_one")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="solvepart",
            name="asked_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
    ]
