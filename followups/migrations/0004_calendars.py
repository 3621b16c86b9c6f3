"""Calendars of countries, and work through what is planned when a plan or a round's dates change."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("followups", "0003_contact_models"),
        ("tracker", "0002_how_long_numbers_are_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('kind', models.CharField(choices=[('rest_days', 'days of rest'), ('holiday', 'holiday'), ('season', 'season with other hours')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(blank=True, max_length=40, verbose_name='name')),
                ('from_on', models.DateField(null=True, verbose_name='first day')),
                ('until_on', models.DateField(null=True, verbose_name='first day after')),
                ('over_at', models.DateTimeField()),
                ('rest_days', models.JSONField(default=list)),
                ('calling_from', models.TimeField(null=True, verbose_name='call from')),
                ('calling_until', models.TimeField(null=True, verbose_name='call until')),
                ('pauses', models.JSONField(default=list)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'calendar entries',
                'ordering': ('country', 'from_on'),
            },
        ),
        migrations.CreateModel(
            name='Replanning',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('opens_on', models.DateField(null=True)),
                ('closes_on', models.DateField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('at_rule', models.UUIDField(null=True)),
                ('at_row', models.UUIDField(null=True)),
                ('looked_at', models.PositiveIntegerField(default=0)),
                ('moved', models.PositiveIntegerField(default=0)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('-asked_at',),
            },
        ),
        migrations.AlterField(
            model_name='followup',
            name='rule',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='followups.rule'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['rule', 'id'], name='follow_up_owed_by'),
        ),
        migrations.AddField(
            model_name='calendarentry',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='replanning',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='replanning',
            name='plan',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='replanning', to='followups.plan'),
        ),
        migrations.AddField(
            model_name='replanning',
            name='round',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='replanning', to='tracker.round'),
        ),
        migrations.AddField(
            model_name='replanning',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.study'),
        ),
        migrations.AddIndex(
            model_name='calendarentry',
            index=models.Index(fields=['country', 'over_at'], name='calendar_entry_about'),
        ),
        migrations.AddConstraint(
            model_name='calendarentry',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'rest_days')), fields=('country',), name='calendar_one_week_a_country'),
        ),
        migrations.AddConstraint(
            model_name='calendarentry',
            constraint=models.UniqueConstraint(fields=('country', 'kind', 'from_on'), name='calendar_begins_once'),
        ),
        migrations.AddConstraint(
            model_name='calendarentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('from_on', None), ('kind', 'rest_days'), ('until_on', None)), models.Q(('from_on__isnull', False), ('until_on__gt', models.F('from_on'))), _connector='OR'), name='calendar_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='calendarentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'season'), _negated=True), models.Q(('calling_from__isnull', False), ('calling_until__gt', models.F('calling_from'))), _connector='OR'), name='calendar_season_has_hours'),
        ),
        migrations.AddIndex(
            model_name='replanning',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['asked_at'], name='replanning_under_way'),
        ),
        migrations.AddConstraint(
            model_name='replanning',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('plan__isnull', False), ('round', None)), models.Q(('closes_on__isnull', False), ('opens_on__isnull', False), ('plan', None), ('round__isnull', False)), _connector='OR'), name='replanning_has_one_cause'),
        ),
    ]
