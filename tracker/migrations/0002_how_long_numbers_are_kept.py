import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0001_studies_and_respondents"),
    ]

    operations = [
        migrations.AddField(
            model_name="study",
            name="contact_retention_days",
            field=models.PositiveSmallIntegerField(
                default=180,
                help_text=(
                    "Counted from the last round or the closing, whichever comes first. Numbers, words and profiles then "
                    "go by themselves: take out the panel before."
                ),
                validators=[
                    django.core.validators.MinValueValidator(30),
                    django.core.validators.MaxValueValidator(730),
                ],
                verbose_name="numbers are kept after the end for (days)",
            ),
        ),
        migrations.AddConstraint(
            model_name="study",
            constraint=models.CheckConstraint(
                condition=models.Q(("contact_retention_days__gte", 30), ("contact_retention_days__lte", 730)),
                name="study_retention_within_bounds",
            ),
        ),
    ]
