"""Parts of a solve by province say when they were asked, so that what a killed coordinator left can go."""

from typing import ClassVar

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matching", "0009_parts_of_a_solve_by_province")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="solvepart",
            name="asked_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
    ]
