"""What is open is found in an index on SQLite too, which does not see through a list of states."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("orientation", "0001_partners_and_requests")]

    operations = [
        migrations.RemoveIndex(model_name="orientationrequest", name="orientation_inbox"),
        migrations.RemoveIndex(model_name="orientationrequest", name="orientation_over"),
        migrations.AddIndex(
            model_name="orientationrequest",
            index=models.Index(
                condition=Q(ended_at=None), fields=["partner", "deadline"], name="orientation_inbox"
            ),
        ),
        migrations.AddIndex(
            model_name="orientationrequest",
            index=models.Index(condition=Q(ended_at=None), fields=["expires_at"], name="orientation_over"),
        ),
    ]
