"""How sure a clock is: two more ways not to be."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("tracker", "0003_best_times"),
    ]

    operations = [
        migrations.AlterField(
            model_name='respondent',
            name='zone_source',
            field=models.CharField(choices=[('stated', 'as they said'), ('country', 'from the country'), ('number', 'from the number'), ('moved', 'from where they were before they moved on'), ('reported', 'from what somebody else said')], default='country', max_length=8),
        ),
    ]
