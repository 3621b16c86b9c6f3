"""The limits of contact burden, held by the database across studies, and the queue in the order of a claim's look."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from followups import burden_guards

COPY_USUAL_ENUMERATORS = """
    UPDATE followups_followup SET usual_enumerator_id = (
        SELECT tracker_respondent.usual_enumerator_id FROM tracker_respondent
        WHERE tracker_respondent.id = followups_followup.respondent_id
    ) WHERE state IN ('planned', 'open', 'ready', 'resting')
"""


def install_guards(apps, schema_editor):
    burden_guards.install(schema_editor.connection)


def remove_guards(apps, schema_editor):
    burden_guards.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ("followups", "0005_tracing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='followup',
            name='usual_enumerator',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='followup',
            name='has_begun',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='attempt',
            name='exempt',
            field=models.CharField(blank=True, choices=[('', 'not exempt'), ('asked', 'at a time the respondent asked for'), ('reconnection', 'the line was cut, and they had agreed to be called again')], default='', max_length=12),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='claim',
            name='ended',
            field=models.CharField(blank=True, choices=[('', ''), ('outcome', 'outcome recorded'), ('handed_back', 'handed back'), ('released', 'released by a coordinator'), ('expired', 'lease ran out'), ('not_callable', 'no longer callable'), ('unsafe', 'unsafe'), ('withdrawn', 'person withdrew')], max_length=12),
        ),
        migrations.RemoveIndex(
            model_name='followup',
            name='follow_up_queue',
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('has_begun', True), ('state', 'ready')), fields=['team', 'language', 'caller_gender', 'priority', 'closes_at', 'id'], name='follow_up_queue'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('has_begun', True), ('state', 'ready'), ('usual_enumerator__isnull', False)), fields=['usual_enumerator', 'team', 'language', 'caller_gender', 'priority', 'closes_at', 'id'], name='follow_up_queue_of_own'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('has_begun', False), ('state', 'ready')), fields=['ready_from'], name='follow_up_begins'),
        ),
        # The guards stand on their tables as they are now: a later migration that makes one anew installs them again.
        migrations.RunPython(install_guards, remove_guards),
        migrations.RunSQL(COPY_USUAL_ENUMERATORS, migrations.RunSQL.noop),
    ]
