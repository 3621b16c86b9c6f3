"""Staff, teams, languages and shifts."""

import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=12, unique=True, validators=[django.core.validators.RegexValidator('^[A-Z0-9-]+$', 'Use capital letters, digits and hyphens.')], verbose_name='code')),
                ('title', models.CharField(max_length=60, verbose_name='title')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
            ],
            options={
                'ordering': ('code',),
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('username', models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9._-]+$', 'Use small letters, digits, dots and hyphens.')], verbose_name='username')),
                ('display_name', models.CharField(max_length=60, verbose_name='shown as')),
                ('role', models.CharField(choices=[('administrator', 'administrator'), ('enumerator', 'enumerator'), ('coordinator', 'coordinator'), ('focal_point', 'focal point'), ('dpo', 'data protection officer')], max_length=16, verbose_name='role')),
                ('gender', models.CharField(choices=[('woman', 'woman'), ('man', 'man'), ('not_said', 'not said')], default='not_said', max_length=8, verbose_name='gender')),
                ('time_zone', models.CharField(default='UTC', max_length=40, verbose_name='time zone')),
                ('interface_language', models.CharField(default='en', max_length=8, verbose_name='language of the screens')),
                ('is_active', models.BooleanField(default=True, verbose_name='account open')),
                ('toured_at', models.DateTimeField(blank=True, null=True)),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('session_epoch', models.PositiveIntegerField(default=0)),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last sign-in')),
                ('teams', models.ManyToManyField(blank=True, to='accounts.team', verbose_name='teams')),
            ],
            options={
                'ordering': ('username',),
            },
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='day')),
                ('starts', models.TimeField(verbose_name='from')),
                ('ends', models.TimeField(verbose_name='until')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shifts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('weekday', 'starts'),
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='shift_ends_after_start'), models.UniqueConstraint(fields=('user', 'weekday', 'starts'), name='shift_once')],
            },
        ),
        migrations.CreateModel(
            name='StaffLanguage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=8)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='languages', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'language'), name='staff_language_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['administrator', 'enumerator', 'coordinator', 'focal_point', 'dpo'])), name='user_role_is_known'),
        ),
    ]
