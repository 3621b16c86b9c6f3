"""The trail, guarded from its first row on."""

from django.db import migrations, models

from audit import guards


TABLES = ("audit_auditevent",)


def install_guards(apps, schema_editor):
    guards.install(schema_editor.connection, TABLES)


def remove_guards(apps, schema_editor):
    guards.remove(schema_editor.connection, TABLES)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor_id', models.UUIDField(null=True)),
                ('session_h', models.CharField(blank=True, max_length=16)),
                ('action', models.CharField(max_length=48)),
                ('object_type', models.CharField(blank=True, max_length=48)),
                ('object_id', models.UUIDField(null=True)),
                ('audit_ref', models.UUIDField(null=True)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('outcome', models.CharField(max_length=32)),
                ('request_id', models.CharField(blank=True, max_length=36)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['audit_ref', '-id'], name='audit_about'), models.Index(fields=['actor_id', '-id'], name='audit_by'), models.Index(fields=['action', '-id'], name='audit_action'), models.Index(fields=['at'], name='audit_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('action__in', ['vault.alert', 'vault.locked', 'vault.unlocked', 'vault.shredded', 'identity.opened', 'accounts.signed_in', 'accounts.sign_in_refused', 'accounts.signed_out', 'accounts.staff_created', 'accounts.staff_changed', 'accounts.staff_disabled', 'accounts.password_changed', 'accounts.team_changed', 'accounts.shift_changed', 'consent.wording_drafted', 'consent.wording_approved', 'consent.granted', 'consent.refused', 'consent.withdrawn', 'tracker.study_changed', 'tracker.round_changed', 'tracker.respondent_enrolled', 'tracker.profile_changed', 'tracker.contact_point_added', 'tracker.contact_point_changed', 'tracker.stage_moved', 'tracker.respondent_viewed', 'casework.cases_imported', 'casework.contact_stopped', 'casework.respondent_erased', 'casework.erase_requested', 'casework.stop_recorded', 'followups.plan_changed', 'followups.planned', 'followups.opened', 'followups.missed', 'followups.cancelled', 'followups.claimed', 'followups.claim_released', 'followups.claim_expired', 'followups.dial_ordered', 'followups.dial_refused', 'followups.number_revealed', 'followups.outcome_recorded', 'followups.late_outcome_kept', 'followups.appointment_made', 'followups.hold_placed', 'followups.hold_lifted', 'followups.enumerator_barred', 'followups.usual_enumerator_set', 'followups.unsafe_pressed', 'followups.ticked', 'orientation.partner_changed', 'orientation.service_verified', 'orientation.requested', 'orientation.viewed', 'orientation.acknowledged', 'orientation.closed', 'orientation.revoked', 'orientation.expired', 'orientation.acted', 'orientation.declined', 'orientation.withdrawn', 'orientation.erased', 'orientation.service_changed', 'orientation.focal_point_changed', 'audit.trail_read'])), name='audit_action_is_known')],
            },
        ),
        migrations.RunPython(install_guards, remove_guards),
    ]
