"""The time a respondent says is best to reach them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("tracker", "0002_how_long_numbers_are_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name='respondent',
            name='best_slot',
            field=models.CharField(blank=True, choices=[('morning_work', 'on a working day, in the morning'), ('midday_work', 'on a working day, around noon'), ('afternoon_work', 'on a working day, in the afternoon'), ('evening_work', 'on a working day, in the evening'), ('morning_rest', 'on a day of rest, in the morning'), ('midday_rest', 'on a day of rest, around noon'), ('afternoon_rest', 'on a day of rest, in the afternoon'), ('evening_rest', 'on a day of rest, in the evening')], max_length=16, verbose_name='best time to reach them'),
        ),
    ]
