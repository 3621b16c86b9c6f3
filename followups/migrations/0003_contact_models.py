"""What is learned of when each person can be reached."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("followups", "0002_a_cancelled_order_may_be_given_again"),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactModel',
            fields=[
                ('version', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('parameters', models.JSONField()),
                ('seed', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField()),
                ('people', models.PositiveIntegerField()),
                ('dials', models.PositiveIntegerField()),
                ('done_up_to', models.UUIDField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('-version',),
            },
        ),
        migrations.CreateModel(
            name='Outlook',
            fields=[
                ('follow_up', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='outlook', serialize=False, to='followups.followup')),
                ('chances', models.BinaryField(max_length=16)),
                ('alive', models.PositiveSmallIntegerField()),
                ('made_at', models.DateTimeField()),
                ('model', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='followups.contactmodel')),
            ],
        ),
        migrations.CreateModel(
            name='SlotChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempt_number', models.PositiveSmallIntegerField()),
                ('slot', models.CharField(max_length=24)),
                ('chance', models.FloatField(null=True)),
                ('propensity', models.FloatField()),
                ('is_random', models.BooleanField(default=False)),
                ('seed', models.PositiveIntegerField(null=True)),
                ('made_at', models.DateTimeField()),
                ('follow_up', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='slot_choices', to='followups.followup')),
                ('model', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='followups.contactmodel')),
            ],
            options={
                'ordering': ('follow_up', 'attempt_number'),
                'constraints': [models.UniqueConstraint(fields=('follow_up', 'attempt_number'), name='slot_chosen_once'), models.CheckConstraint(condition=models.Q(('propensity__gt', 0), ('propensity__lte', 1)), name='slot_choice_propensity'), models.CheckConstraint(condition=models.Q(models.Q(('chance__isnull', True), ('model__isnull', True)), models.Q(('chance__isnull', False), ('model__isnull', False)), _connector='OR'), name='slot_choice_chance_by_a_model')],
            },
        ),
    ]
