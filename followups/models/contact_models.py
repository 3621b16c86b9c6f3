"""What is learned of when people are reached: models, each person's outlook, and the log of the slots chosen."""

from datetime import datetime
from typing import Self

from django.db import models

from followups.models.follow_ups import UNFINISHED, FollowUp
from kernel.holdings import DataClass, Retention, held

OPERATIONAL, PSEUDONYMOUS = DataClass.OPERATIONAL, DataClass.PSEUDONYMOUS
TRAIL, ERASURE = Retention.TRAIL, Retention.ERASURE


class ContactModels(models.QuerySet["ContactModel"]):
    def newest_first(self) -> Self:
        return self.order_by("-version")


class ContactModel(models.Model):
    """What was learned of the whole panel one night; never changed but for how far its outlooks have come."""

    version = held(models.PositiveIntegerField(primary_key=True), OPERATIONAL, "which", TRAIL)
    parameters = held(models.JSONField(), OPERATIONAL, "averages over many people", TRAIL)
    seed = held(models.PositiveIntegerField(), OPERATIONAL, "repeating a choice", TRAIL)
    made_at = held(models.DateTimeField(), OPERATIONAL, "when", TRAIL)
    people = held(models.PositiveIntegerField(), OPERATIONAL, "from how many people", TRAIL)
    dials = held(models.PositiveIntegerField(), OPERATIONAL, "from how many dials", TRAIL)
    done_up_to = held(
        models.UUIDField(null=True), OPERATIONAL, "respondent up to whom outlooks are written", TRAIL
    )
    finished_at = held(models.DateTimeField(null=True), OPERATIONAL, "everybody has their outlook", TRAIL)

    objects = ContactModels.as_manager()

    class Meta:
        ordering = ("-version",)

    def __str__(self) -> str:
        return f"v{self.version}"


class Outlooks(models.QuerySet["Outlook"]):
    def no_longer_owed(self) -> Self:
        """Those of follow-ups that are over."""
        return self.exclude(follow_up__state__in=UNFINISHED)


class Outlook(models.Model):
    """How likely one person answers in each slot, of one follow-up; apart from it, for all are written every night.

    `chances` is one byte for each of the eight slots, in their order: P(contact | slot, number alive) in 255ths; then
    one for how far off each may be, a standard deviation; then what a dial has to promise, in hundredths.
    `alive` is the chance that the number is alive, in 255ths.
    """

    follow_up = held(
        models.OneToOneField(FollowUp, on_delete=models.CASCADE, primary_key=True, related_name="outlook"),
        PSEUDONYMOUS,
        "of",
        ERASURE,
    )
    model = held(
        models.ForeignKey(
            ContactModel, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
        ),
        OPERATIONAL,
        "by which model",
        ERASURE,
    )
    chances = held(models.BinaryField(max_length=17), PSEUDONYMOUS, "when to call", ERASURE)
    alive = held(models.PositiveSmallIntegerField(), PSEUDONYMOUS, "when to trace", ERASURE)
    made_at = held(models.DateTimeField(), OPERATIONAL, "how fresh", ERASURE)

    objects = Outlooks.as_manager()

    def __str__(self) -> str:
        return f"{self.follow_up_id} · v{self.model_id}"


class SlotChoices(models.QuerySet["SlotChoice"]):
    def by_a_model(self) -> Self:
        """Those a model had a part in; before the first, and after a refusal, slots go in turn."""
        return self.filter(model__isnull=False)

    def since(self, moment: datetime) -> Self:
        return self.filter(made_at__gte=moment)


class SlotChoice(models.Model):
    """The slot chosen for one attempt, and how; the attempt finds it by follow-up and number.

    `propensity` is the probability with which the slot was to be chosen among those there were: one where slots go in
    turn. `model` is empty where none had a part in it, and then `chance` too.
    """

    follow_up = held(
        models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="slot_choices", db_index=False),
        PSEUDONYMOUS,
        "of",
        TRAIL,
    )
    attempt_number = held(
        models.PositiveSmallIntegerField(), PSEUDONYMOUS, "for the n-th in the round", TRAIL
    )
    slot = held(models.CharField(max_length=24), PSEUDONYMOUS, "what was chosen", TRAIL)
    chance = held(models.FloatField(null=True), PSEUDONYMOUS, "of contact, as foreseen", TRAIL)
    propensity = held(models.FloatField(), OPERATIONAL, "judging the policy", TRAIL)
    is_random = held(models.BooleanField(default=False), OPERATIONAL, "judging the policy", TRAIL)
    model = held(
        models.ForeignKey(ContactModel, on_delete=models.PROTECT, null=True, related_name="+"),
        OPERATIONAL,
        "by which model",
        TRAIL,
    )
    seed = held(models.PositiveIntegerField(null=True), OPERATIONAL, "repeating the choice", TRAIL)
    made_at = held(models.DateTimeField(), OPERATIONAL, "when", TRAIL)

    objects = SlotChoices.as_manager()

    class Meta:
        ordering = ("follow_up", "attempt_number")
        constraints = (
            models.UniqueConstraint(fields=("follow_up", "attempt_number"), name="slot_chosen_once"),
            models.CheckConstraint(
                condition=models.Q(propensity__gt=0, propensity__lte=1), name="slot_choice_propensity"
            ),
            models.CheckConstraint(
                condition=models.Q(model__isnull=True, chance__isnull=True)
                | models.Q(model__isnull=False, chance__isnull=False),
                name="slot_choice_chance_by_a_model",
            ),
        )

    def __str__(self) -> str:
        return f"{self.follow_up_id} · {self.attempt_number} · {self.slot}"
