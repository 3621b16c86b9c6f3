"""Two sealed fields on one row, bound to the subject beside them."""

from uuid import uuid4

from django.db import models

from vault.fields import SealedField


class Card(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4)
    respondent_id = models.UUIDField()
    number = SealedField(label="phone.e164", subject="respondent_id", max_length=16, null=True)
    note = SealedField(label="card.note", subject="respondent_id", max_length=200, null=True)

    class Meta:
        app_label = "testapp"
