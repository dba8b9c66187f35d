"""Keep the plan, the spent numbers and what a decision was made on; the guards themselves come after migrations."""

import django.db.models.deletion
import needs.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('needs', '0006_owner_is_never_nobody'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SpentNumber',
            fields=[
                ('number', models.CharField(max_length=12, primary_key=True, serialize=False)),
            ],
        ),
        migrations.RunSQL(
            "INSERT INTO needs_spentnumber (number) SELECT number FROM needs_project",
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name='gatedecision',
            name='checked_at',
            field=models.DateTimeField(null=True, verbose_name='last checked'),
        ),
        migrations.AddField(
            model_name='gatedecision',
            name='subject',
            field=models.JSONField(default=list, help_text='Codes of the case when it was decided, as a row of counts.'),
        ),
        migrations.AlterField(
            model_name='gatedecision',
            name='by',
            field=models.ForeignKey(help_text='Nobody where the nightly check made a record coarser.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='gatedecision',
            name='project',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gate_decisions', to='needs.project', verbose_name='project'),
        ),
        migrations.AlterField(
            model_name='project',
            name='state',
            field=models.CharField(choices=[(needs.states.ProjectState['PREPARED'], 'Being prepared'), (needs.states.ProjectState['PUBLISHED'], 'Published'), (needs.states.ProjectState['WITHDRAWN'], 'Withdrawn'), (needs.states.ProjectState['CLOSED'], 'Closed')], default=needs.states.ProjectState['PREPARED'], max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='project',
            name='tier',
            field=models.CharField(blank=True, choices=[('critical', 'Critical relief'), ('joint', 'Joint relief'), ('departmental', 'Departmental relief')], max_length=15, verbose_name='tier'),
        ),
        migrations.CreateModel(
            name='RiskPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('open', 'Open web'), ('vetted', 'Vetted organisations')], default='open', max_length=8, verbose_name='audience')),
                ('month', models.PositiveIntegerField(help_text='Month it was measured for: year × 12 + month − 1.')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('outdated_at', models.DateTimeField(help_text='When cases came in that it does not know.', null=True)),
                ('settings_digest', models.CharField(max_length=64)),
                ('cases', models.PositiveIntegerField(verbose_name='cases measured')),
                ('content', models.BinaryField()),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['audience', '-made_at'], name='needs_riskp_audienc_bd04d6_idx')],
            },
        ),
        migrations.AddField(
            model_name='gatedecision',
            name='plan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='needs.riskplan'),
        ),
    ]
