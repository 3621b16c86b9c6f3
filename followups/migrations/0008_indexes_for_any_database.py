"""What a tick asks for is found in an index on SQLite too, which does not see through a list of states."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("followups", "0007_least_yields")]

    operations = [
        migrations.RemoveIndex(model_name="followup", name="follow_up_look"),
        migrations.RemoveIndex(model_name="followup", name="follow_up_closes"),
        migrations.RemoveIndex(model_name="followup", name="follow_up_in_tracing"),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=Q(look_at__isnull=False), fields=["look_at"], name="follow_up_look"
            ),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(condition=Q(closed_at=None), fields=["closes_at"], name="follow_up_closes"),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=Q(closed_at=None, tracing_since__isnull=False),
                fields=["tracing_since"],
                name="follow_up_in_tracing",
            ),
        ),
    ]
