"""What the vault database holds: wrapped keys, the phone index, refusals; never a key and never a number."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.holdings import DataClass, Retention, held


class KekStatus(models.TextChoices):
    """What an epoch key may be used for; an index key goes the same way."""

    COMING = "coming", _("waits until every process has it")
    CURRENT = "current", _("wraps new keys")
    DECRYPT_ONLY = "decrypt_only", _("opens keys wrapped before")
    DESTROYED = "destroyed", _("destroyed")


class SubjectKey(models.Model):
    """One generation of one subject's key, wrapped under an epoch key."""

    pk = models.CompositePrimaryKey("subject", "generation")
    subject = held(models.UUIDField(), DataClass.PSEUDONYMOUS, "whose key it is", Retention.ERASURE)
    generation = held(
        models.PositiveIntegerField(), DataClass.OPERATIONAL, "which of their keys", Retention.ERASURE
    )
    kek_id = held(
        models.BinaryField(max_length=8, db_index=True),
        DataClass.OPERATIONAL,
        "which key opens it",
        Retention.ERASURE,
    )
    wrapped = held(
        models.BinaryField(max_length=70), DataClass.IDENTIFYING, "opens sealed fields", Retention.ERASURE
    )
    created = held(models.DateTimeField(), DataClass.OPERATIONAL, "find keys nobody uses", Retention.ERASURE)


class PhoneBucket(models.Model):
    """A contact point stands in this bucket, together with others that have other numbers. Never unique."""

    index_key_id = held(
        models.SmallIntegerField(), DataClass.OPERATIONAL, "which index key", Retention.ERASURE
    )
    bits = held(models.SmallIntegerField(), DataClass.OPERATIONAL, "size of the bucket", Retention.ERASURE)
    bucket = held(models.IntegerField(), DataClass.IDENTIFYING, "find who shares a number", Retention.ERASURE)
    subject = held(
        models.UUIDField(db_index=True), DataClass.PSEUDONYMOUS, "whose key opens it", Retention.ERASURE
    )
    contact_point = held(
        models.UUIDField(db_index=True),
        DataClass.PSEUDONYMOUS,
        "which row holds the number",
        Retention.ERASURE,
    )

    class Meta:
        # Bits come before the bucket, because one statement asks for a number at every size in use.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("index_key_id", "bits", "bucket"), name="vault_bucket")
        ]


class RefusedNumber(models.Model):
    """The keyed code of a number whose holder asked that it be refused later; they chose to leave it."""

    index_key_id = held(models.SmallIntegerField(), DataClass.OPERATIONAL, "which index key", Retention.STUDY)
    code = held(
        models.BinaryField(max_length=32), DataClass.IDENTIFYING, "refuse the number later", Retention.STUDY
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("index_key_id", "code"), name="vault_refused_once")
        ]


class KekState(models.Model):
    """What may be done with an epoch key, and what became of it. No key bytes."""

    kek_id = held(
        models.BinaryField(max_length=8, primary_key=True), DataClass.OPERATIONAL, "which", Retention.TRAIL
    )
    state = held(
        models.CharField(max_length=12, choices=KekStatus.choices),
        DataClass.OPERATIONAL,
        "what it may be used for",
        Retention.TRAIL,
    )
    created = held(
        models.DateTimeField(),
        DataClass.OPERATIONAL,
        "from when on it may have wrapped keys",
        Retention.TRAIL,
    )
    destroyed = held(
        models.DateTimeField(null=True), DataClass.OPERATIONAL, "when erasures became final", Retention.TRAIL
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state=KekStatus.DESTROYED, destroyed__isnull=False)
                | (~models.Q(state=KekStatus.DESTROYED) & models.Q(destroyed__isnull=True)),
                name="vault_kek_destroyed_has_a_date",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=KekStatus.values), name="vault_kek_state_known"
            ),
            models.UniqueConstraint(
                fields=("state",), condition=models.Q(state=KekStatus.CURRENT), name="vault_one_current_kek"
            ),
        ]


class IndexKeyState(models.Model):
    """What may be done with an index key. Without a row for it, the newest of the provider is the current one."""

    index_key_id = held(
        models.SmallIntegerField(primary_key=True), DataClass.OPERATIONAL, "which", Retention.TRAIL
    )
    state = held(
        models.CharField(max_length=12, choices=KekStatus.choices),
        DataClass.OPERATIONAL,
        "what it may be used for",
        Retention.TRAIL,
    )
    created = held(
        models.DateTimeField(), DataClass.OPERATIONAL, "from when on rows stood under it", Retention.TRAIL
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=KekStatus.values), name="vault_index_key_state_known"
            ),
            models.UniqueConstraint(
                fields=("state",),
                condition=models.Q(state=KekStatus.CURRENT),
                name="vault_one_current_index_key",
            ),
        ]


class ProcessKeys(models.Model):
    """Which keys a running process has loaded: a change of keys waits until all have the new one."""

    process = held(
        models.UUIDField(primary_key=True, default=uuid4),
        DataClass.OPERATIONAL,
        "one process",
        Retention.TRANSIENT,
    )
    kek_ids = held(
        models.JSONField(default=list), DataClass.OPERATIONAL, "keys it has loaded", Retention.TRANSIENT
    )
    index_key_ids = held(
        models.JSONField(default=list), DataClass.OPERATIONAL, "index keys it has loaded", Retention.TRANSIENT
    )
    heartbeat = held(models.DateTimeField(), DataClass.OPERATIONAL, "is it alive", Retention.TRANSIENT)
