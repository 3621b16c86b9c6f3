"""Wordings and the ledger, which only grows."""

import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from audit import guards


TABLES = ("consent_ledgerentry",)


def install_guards(apps, schema_editor):
    guards.install(schema_editor.connection, TABLES)


def remove_guards(apps, schema_editor):
    guards.remove(schema_editor.connection, TABLES)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('interview', 'this interview'), ('keep_number', 'keeping the number'), ('recontact', 'being called again'), ('message', 'messages'), ('voicemail', 'voicemail'), ('trusted_contacts', 'asking a trusted person'), ('recording', 'recording or listening in'), ('share_pseudonymous', 'sharing answers without identity'), ('orientation', 'a link with a partner'), ('recontact_after_study', 'contact after the study')], max_length=24, verbose_name='purpose')),
                ('language', models.CharField(max_length=8, verbose_name='language')),
                ('version', models.PositiveSmallIntegerField()),
                ('text', models.TextField(max_length=2000, validators=[django.core.validators.MinLengthValidator(20)], verbose_name='text read out')),
                ('drafted_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('purpose', 'language', '-version'),
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('respondent_id', models.UUIDField()),
                ('purpose', models.CharField(choices=[('interview', 'this interview'), ('keep_number', 'keeping the number'), ('recontact', 'being called again'), ('message', 'messages'), ('voicemail', 'voicemail'), ('trusted_contacts', 'asking a trusted person'), ('recording', 'recording or listening in'), ('share_pseudonymous', 'sharing answers without identity'), ('orientation', 'a link with a partner'), ('recontact_after_study', 'contact after the study')], max_length=24)),
                ('decision', models.CharField(choices=[('granted', 'granted'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], max_length=10)),
                ('mode', models.CharField(choices=[('in_person', 'in person'), ('phone', 'by phone'), ('message', 'by message'), ('writing', 'in writing'), ('attested', 'attested by the person who brought the list')], max_length=10)),
                ('language', models.CharField(max_length=8)),
                ('concerning', models.UUIDField(null=True)),
                ('items', models.JSONField(default=list)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('arrived_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('wording', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.wording')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(fields=('purpose', 'language', 'version'), name='wording_version_once'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='wording_needs_a_second_person'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='wording_approved_by_and_at'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['respondent_id', 'purpose', 'id'], name='ledger_fold'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['interview', 'keep_number', 'recontact', 'message', 'voicemail', 'trusted_contacts', 'recording', 'share_pseudonymous', 'orientation', 'recontact_after_study'])), name='ledger_purpose_is_known'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('decision__in', ['granted', 'refused', 'withdrawn'])), name='ledger_decision_is_known'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', 'granted'), _negated=True), models.Q(('expires_at__isnull', False), ('wording__isnull', False)), _connector='OR'), name='ledger_grant_has_wording_and_end'),
        ),
        migrations.RunPython(install_guards, remove_guards),
    ]
