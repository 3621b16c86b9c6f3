"""Partners, what they offer, and the requests respondents make."""

import django.core.validators
import django.db.models.deletion
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tracker', '0001_studies_and_respondents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=16, unique=True, validators=[django.core.validators.RegexValidator('^[A-Z0-9-]+$', 'Use capital letters, digits and hyphens.')], verbose_name='code')),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('not_in_migration_control', models.BooleanField(default=False, verbose_name='confirmed: takes no part in migration control')),
                ('is_active', models.BooleanField(default=True, verbose_name='requests may go to it')),
                ('agreement_expires_on', models.DateField(help_text='From this day on, nothing is shared.', verbose_name='agreement ends on')),
                ('agreement_review_on', models.DateField(verbose_name='agreement reviewed on')),
                ('complaint_route', models.CharField(blank=True, max_length=160, verbose_name='how a person complains')),
            ],
            options={
                'ordering': ('code',),
                'constraints': [models.CheckConstraint(condition=models.Q(('is_active', False), ('not_in_migration_control', True), _connector='OR'), name='partner_active_only_if_confirmed', violation_error_message='Requests may go only to a partner that takes no part in migration control.'), models.CheckConstraint(condition=models.Q(('agreement_review_on__lte', models.F('agreement_expires_on'))), name='partner_review_before_end', violation_error_message='The agreement has to be reviewed before it ends.')],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('need', models.CharField(choices=[('health', 'health care'), ('mental_health', 'someone to talk to'), ('legal', 'legal advice'), ('papers', 'papers and registration'), ('shelter', 'a place to stay'), ('food', 'food and basic things'), ('family', 'finding family'), ('safety', 'safety'), ('child', 'help for a child'), ('gbv', 'violence at home or because of being a woman, man or other'), ('education', 'school and courses'), ('work', 'work and rights at work'), ('other', 'something else')], max_length=16, verbose_name='for')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('area', models.CharField(blank=True, max_length=80, verbose_name='where, in public words')),
                ('languages', models.JSONField(default=list, verbose_name='languages')),
                ('hours', models.CharField(blank=True, max_length=80, verbose_name='opening hours')),
                ('serves_all_statuses', models.BooleanField(default=False, verbose_name='serves everyone, whatever their papers')),
                ('public_contact', models.CharField(help_text='Told to a person who wishes to contact them: a public number, office or page.', max_length=120, verbose_name='public contact')),
                ('is_hotline', models.BooleanField(default=False, help_text='Verified every 30 days instead of 90.', verbose_name='a hotline')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('verified_on', models.DateField(editable=False, null=True)),
                ('verified_until', models.DateField(editable=False, null=True)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='orientation.partner')),
                ('verified_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('partner__code', 'title'),
            },
        ),
        migrations.CreateModel(
            name='OrientationRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(editable=False, max_length=8, unique=True)),
                ('form', models.CharField(choices=[('information_only', 'information only'), ('i_will_contact', 'I will contact them'), ('contact_request', 'they may contact me')], max_length=16)),
                ('need', models.CharField(blank=True, choices=[('health', 'health care'), ('mental_health', 'someone to talk to'), ('legal', 'legal advice'), ('papers', 'papers and registration'), ('shelter', 'a place to stay'), ('food', 'food and basic things'), ('family', 'finding family'), ('safety', 'safety'), ('child', 'help for a child'), ('gbv', 'violence at home or because of being a woman, man or other'), ('education', 'school and courses'), ('work', 'work and rights at work'), ('other', 'something else')], max_length=16)),
                ('language', models.CharField(blank=True, max_length=8)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('preferred_time', models.CharField(blank=True, choices=[('any', 'any time'), ('morning', 'in the morning'), ('afternoon', 'in the afternoon'), ('evening', 'in the evening')], max_length=10)),
                ('note', vault.fields.SealedField(label='orientation.note', max_length=400, null=True, subject='respondent_id')),
                ('urgency', models.CharField(choices=[('emergency', 'emergency: within 24 hours'), ('urgent', 'urgent: within 72 hours'), ('normal', 'normal: within two weeks')], default='normal', max_length=10)),
                ('state', models.CharField(choices=[('requested', 'waiting for the partner'), ('acknowledged', 'received by the partner'), ('acted', 'the partner has acted'), ('closed', 'closed'), ('declined', 'declined by the partner'), ('revoked', 'taken back by the person'), ('expired', 'expired'), ('withdrawn', 'ended with the person’s part in the study')], default='requested', max_length=12)),
                ('requested_at', models.DateTimeField()),
                ('deadline', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('acted_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('helped', 'the person was helped'), ('informed', 'the person was given information'), ('passed_on', 'the person was told of another service'), ('not_reached', 'the person could not be reached'), ('not_wanted', 'the person no longer wished it'), ('not_possible', 'help was not possible')], max_length=16)),
                ('decline_reason', models.CharField(blank=True, choices=[('no_capacity', 'we have no capacity now'), ('not_our_service', 'we do not offer this'), ('not_our_area', 'we do not work there'), ('not_our_language', 'we have nobody who speaks the language')], max_length=16)),
                ('end_reason', models.CharField(blank=True, choices=[('stopped', 'asked not to be called'), ('withdrawn', 'withdrew consent'), ('erased', 'was erased'), ('deceased', 'has died'), ('ineligible', 'is out of scope')], max_length=12)),
                ('contact_point', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tracker.contactpoint')),
                ('handled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('respondent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orientation_requests', to='tracker.respondent')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='orientation.partner')),
                ('service', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orientation.service')),
            ],
            options={
                'ordering': ('-requested_at',),
            },
        ),
        migrations.CreateModel(
            name='FocalPoint',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='focal_points', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='focal_points', to='orientation.partner')),
            ],
            options={
                'ordering': ('user__username',),
                'constraints': [models.UniqueConstraint(fields=('user', 'partner'), name='focal_point_once')],
            },
        ),
        migrations.AddIndex(
            model_name='service',
            index=models.Index(fields=['country', 'need'], name='service_where_what'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.UniqueConstraint(fields=('partner', 'title'), name='service_title_once'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(('need__in', ['health', 'mental_health', 'legal', 'papers', 'shelter', 'food', 'family', 'safety', 'child', 'gbv', 'education', 'work', 'other'])), name='service_need_is_known'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verified_by__isnull', True), ('verified_on__isnull', True), ('verified_until__isnull', True)), models.Q(('verified_by__isnull', False), ('verified_on__isnull', False), ('verified_until__gt', models.F('verified_on'))), _connector='OR'), name='service_verified_by_on_until'),
        ),
        migrations.AddIndex(
            model_name='orientationrequest',
            index=models.Index(condition=models.Q(('state__in', ('requested', 'acknowledged', 'acted'))), fields=['partner', 'deadline'], name='orientation_inbox'),
        ),
        migrations.AddIndex(
            model_name='orientationrequest',
            index=models.Index(condition=models.Q(('state__in', ('requested', 'acknowledged', 'acted'))), fields=['expires_at'], name='orientation_over'),
        ),
        migrations.AddIndex(
            model_name='orientationrequest',
            index=models.Index(fields=['respondent', '-requested_at'], name='orientation_of'),
        ),
        migrations.AddConstraint(
            model_name='orientationrequest',
            constraint=models.CheckConstraint(condition=models.Q(('form__in', ['information_only', 'i_will_contact', 'contact_request'])), name='orientation_form_is_known'),
        ),
        migrations.AddConstraint(
            model_name='orientationrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('requested', 'acknowledged', 'acted'))), fields=('respondent', 'service'), name='orientation_open_once'),
        ),
        migrations.AddConstraint(
            model_name='orientationrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('form', 'information_only'), ('state', 'closed')), models.Q(('form__in', ['i_will_contact', 'contact_request']), ('service__isnull', False)), _connector='OR'), name='orientation_information_moves_nothing'),
        ),
        migrations.AddConstraint(
            model_name='orientationrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at', None), ('acted_at', None), ('ended_at', None), ('state', 'requested')), models.Q(('acknowledged_at__isnull', False), ('acted_at', None), ('ended_at', None), ('state', 'acknowledged')), models.Q(('acknowledged_at__isnull', False), ('acted_at__isnull', False), ('ended_at', None), ('state', 'acted')), models.Q(('ended_at__isnull', False), ('state__in', ('closed', 'declined', 'revoked', 'expired', 'withdrawn'))), _connector='OR'), name='orientation_state_has_its_moments'),
        ),
        migrations.AddConstraint(
            model_name='orientationrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), models.Q(('outcome', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('outcome', '')), _connector='OR'), name='orientation_closed_has_outcome'),
        ),
        migrations.AddConstraint(
            model_name='orientationrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), models.Q(('decline_reason', ''), _negated=True)), models.Q(models.Q(('state', 'declined'), _negated=True), ('decline_reason', '')), _connector='OR'), name='orientation_declined_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='orientationrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), models.Q(('end_reason', ''), _negated=True)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('end_reason', '')), _connector='OR'), name='orientation_withdrawn_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='orientationrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('requested', 'acknowledged', 'acted')), models.Q(('contact_point__isnull', True), ('country', ''), ('language', ''), ('note__isnull', True), ('preferred_time', '')), _connector='OR'), name='orientation_ended_keeps_nothing'),
        ),
        migrations.AddConstraint(
            model_name='orientationrequest',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gte', models.F('requested_at'))), name='orientation_expires_later'),
        ),
    ]
