"""Tracing: since when other routes are tried and why, and which sittings were with somebody they trust."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("followups", "0004_calendars"),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='to_trusted',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='followup',
            name='tracing_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='followup',
            name='tracing_why',
            field=models.CharField(blank=True, choices=[('', ''), ('number_dead', 'no number of theirs may be dialled any more'), ('model', 'their number has not answered for so long that it looks dead'), ('stage_unknown', 'nobody knows where they are'), ('coordinator', 'a coordinator asked for it'), ('called_off', 'a coordinator ended the search')], default='', max_length=16),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='followup',
            name='ended',
            field=models.CharField(blank=True, choices=[('', ''), ('window_closed', 'the window closed before an interview'), ('cap_reached', 'all attempts were used'), ('refused', 'the person did not wish to take part this time'), ('withdrawn', 'the person withdrew'), ('stopped', 'the person asked to be left alone'), ('erased', 'the person was erased'), ('deceased', 'the person died'), ('ineligible', 'the person is out of scope'), ('unable', 'the person could not be interviewed'), ('not_callable_stage', 'nobody is called at this stage of the journey'), ('study_closed', 'the study closed'), ('not_found', 'the person could not be found again by any route')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('state__in', ('open', 'ready', 'resting')), ('tracing_since__isnull', False)), fields=['tracing_since'], name='follow_up_in_tracing'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('tracing_since__isnull', True), ('tracing_why__in', ('', 'called_off'))), models.Q(('tracing_since__isnull', False), models.Q(('tracing_why__in', ('', 'called_off')), _negated=True)), _connector='OR'), name='follow_up_traced_for_a_reason'),
        ),
    ]
