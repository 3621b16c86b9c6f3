"""More actions; SQLite makes the table anew for a constraint, so its guards are put back."""

from django.db import migrations, models

from audit import guards

TABLES = ("audit_auditevent",)


def install_guards(apps, schema_editor):
    guards.install(schema_editor.connection, TABLES)


def remove_guards(apps, schema_editor):
    guards.remove(schema_editor.connection, TABLES)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_the_trail'),
    ]

    operations = [
        migrations.RunPython(remove_guards, install_guards),
        migrations.RemoveConstraint(
            model_name='auditevent',
            name='audit_action_is_known',
        ),
        migrations.AddConstraint(
            model_name='auditevent',
            constraint=models.CheckConstraint(
                condition=models.Q(('action__in', [
                    'vault.alert',
                    'vault.locked',
                    'vault.unlocked',
                    'vault.shredded',
                    'vault.keys_changed',
                    'vault.key_destroyed',
                    'vault.key_change_failed',
                    'vault.index_key_changed',
                    'vault.recovery_written',
                    'vault.recovery_acknowledged',
                    'vault.passphrase_changed',
                    'vault.local_keys_destroyed',
                    'vault.drilled',
                    'identity.opened',
                    'accounts.signed_in',
                    'accounts.sign_in_refused',
                    'accounts.signed_out',
                    'accounts.staff_created',
                    'accounts.staff_changed',
                    'accounts.staff_disabled',
                    'accounts.password_changed',
                    'accounts.team_changed',
                    'accounts.shift_changed',
                    'accounts.factor_added',
                    'accounts.factor_removed',
                    'accounts.factors_reset',
                    'accounts.recovery_codes_made',
                    'accounts.recovery_code_used',
                    'accounts.secret_opened',
                    'accounts.stepped_up',
                    'accounts.step_up_refused',
                    'accounts.sessions_ended',
                    'accounts.access_refused',
                    'accounts.break_glass_asked',
                    'accounts.break_glass_granted',
                    'accounts.break_glass_refused',
                    'accounts.break_glass_ended',
                    'accounts.break_glass_reviewed',
                    'consent.wording_drafted',
                    'consent.wording_approved',
                    'consent.granted',
                    'consent.refused',
                    'consent.withdrawn',
                    'tracker.study_changed',
                    'tracker.round_changed',
                    'tracker.respondent_enrolled',
                    'tracker.profile_changed',
                    'tracker.contact_point_added',
                    'tracker.contact_point_changed',
                    'tracker.stage_moved',
                    'tracker.respondent_viewed',
                    'tracker.canary_planted',
                    'tracker.canary_touched',
                    'casework.cases_imported',
                    'casework.contact_stopped',
                    'casework.respondent_erased',
                    'casework.erase_requested',
                    'casework.stop_recorded',
                    'casework.number_shown',
                    'casework.retention_applied',
                    'casework.register_read',
                    'casework.backed_up',
                    'casework.restored',
                    'followups.plan_changed',
                    'followups.planned',
                    'followups.opened',
                    'followups.missed',
                    'followups.cancelled',
                    'followups.claimed',
                    'followups.claim_released',
                    'followups.claim_expired',
                    'followups.dial_ordered',
                    'followups.dial_refused',
                    'followups.number_revealed',
                    'followups.outcome_recorded',
                    'followups.late_outcome_kept',
                    'followups.appointment_made',
                    'followups.hold_placed',
                    'followups.hold_lifted',
                    'followups.enumerator_barred',
                    'followups.usual_enumerator_set',
                    'followups.unsafe_pressed',
                    'followups.ticked',
                    'orientation.partner_changed',
                    'orientation.service_verified',
                    'orientation.requested',
                    'orientation.viewed',
                    'orientation.acknowledged',
                    'orientation.closed',
                    'orientation.revoked',
                    'orientation.expired',
                    'orientation.acted',
                    'orientation.declined',
                    'orientation.withdrawn',
                    'orientation.erased',
                    'orientation.service_changed',
                    'orientation.focal_point_changed',
                    'audit.trail_read',
                    'audit.trail_reviewed',
                    'audit.trail_exported',
                    'audit.trail_verified',
                    'audit.trail_alarm',
                    'audit.digest_issued',
                ])),
                name='audit_action_is_known',
            ),
        ),
        migrations.RunPython(install_guards, remove_guards),
    ]
