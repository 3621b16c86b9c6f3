"""Seals over the trail, and the weekly reviews of it: both grow and never change, as the trail does."""

from django.db import models

from kernel.holdings import DataClass, Retention, held

OPERATIONAL, TRAIL = DataClass.OPERATIONAL, Retention.TRAIL


class Seal(models.Model):
    """The events of one stretch of ids, sealed together: what `audit.canonical` makes of them, chained and keyed."""

    number = held(models.PositiveBigIntegerField(primary_key=True), OPERATIONAL, "order of seals", TRAIL)
    lo = held(models.BigIntegerField(), OPERATIONAL, "first id of the stretch", TRAIL)
    hi = held(models.BigIntegerField(), OPERATIONAL, "last id of the stretch", TRAIL)
    n = held(models.PositiveIntegerField(), OPERATIONAL, "how many events", TRAIL)
    gaps = held(models.JSONField(default=list), OPERATIONAL, "ids that were never used, as pairs", TRAIL)
    root = held(models.BinaryField(max_length=32), OPERATIONAL, "digest over the events", TRAIL)
    prev_hash = held(models.BinaryField(max_length=32), OPERATIONAL, "hash of the seal before", TRAIL)
    mac = held(models.BinaryField(max_length=32), OPERATIONAL, "made with the audit key", TRAIL)
    at = held(models.DateTimeField(), OPERATIONAL, "when it was sealed", TRAIL)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(condition=models.Q(hi__gte=models.F("lo")), name="seal_stretch_is_one"),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.lo}–{self.hi}"


class Review(models.Model):
    """Somebody has read the looks of one week, as far as one event, and says so."""

    week = held(models.DateField(), OPERATIONAL, "the Monday the week begins on, in UTC", TRAIL)
    by = held(models.UUIDField(), OPERATIONAL, "who reviewed", TRAIL)
    at = held(models.DateTimeField(), OPERATIONAL, "when", TRAIL)
    up_to = held(models.BigIntegerField(), OPERATIONAL, "the newest event they had before them", TRAIL)
    note = held(
        models.CharField(max_length=200, blank=True),
        OPERATIONAL,
        "what they found",
        TRAIL,
    )

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("week", "-up_to"), name="review_week"),)

    def __str__(self) -> str:
        return f"{self.week:%Y-%m-%d}"


class Canary(models.Model):
    """A respondent who does not exist, known as one here and nowhere else: whoever looks had no reason to."""

    audit_ref = held(models.UUIDField(unique=True), DataClass.PSEUDONYMOUS, "which one", TRAIL)
    by = held(models.UUIDField(), OPERATIONAL, "who planted it", TRAIL)
    at = held(models.DateTimeField(), OPERATIONAL, "when", TRAIL)

    class Meta:
        verbose_name_plural = "canaries"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
