"""A coordinator's question: what if the plan allowed another number of attempts?"""

from dataclasses import dataclass

from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from followups import plans
from followups.contact_model.parameters import Parameters
from followups.models import ContactModel, Plan
from followups.scheduling.rules import DEFAULT_RULES
from followups.simulation.what_if import Expected, expect
from tracker.labels import stage_label
from tracker.models import Study
from tracker.stages import Stage

MOST_ATTEMPTS = 8
KEPT_SECONDS = 24 * 60 * 60


class WhatIfForm(forms.Form):
    """A stage, and how many attempts a round might have there."""

    attempts = forms.IntegerField(label=_("Attempts at most"), min_value=1, max_value=MOST_ATTEMPTS)

    def __init__(self, *args: object, caps: dict[Stage, int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        stages = [(stage.value, stage_label(stage)) for stage in caps]
        self.fields["stage"] = forms.ChoiceField(label=_("Stage"), choices=stages)
        self.order_fields(["stage", "attempts"])


@dataclass(frozen=True, slots=True)
class Answer:
    """What the plan gives now and what it would give; from a model of so many people, None before the first."""

    now: Expected
    then: Expected
    people: int | None

    @property
    def rows(self) -> tuple[Expected, ...]:
        return (self.now, self.then) if self.now.attempts != self.then.attempts else (self.now,)


def caps_of(study: Study) -> dict[Stage, int]:
    """The attempts a round may have at each stage at which people are called."""
    plan = Plan.objects.current(study)
    rules = plans.rules_of(plan) if plan else DEFAULT_RULES
    return {stage: rule.attempt_cap for stage, rule in rules.items() if rule.outbound}


def answer(attempts_now: int, attempts_then: int) -> Answer:
    """Simulated from the newest model, or from the method's first beliefs; kept for a day, for it takes a second."""
    model = ContactModel.objects.newest_first().only("version", "parameters", "people").first()
    parameters = Parameters.from_json(model.parameters) if model else Parameters()
    version = model.version if model else 0
    now, then = (_expected(version, parameters, attempts) for attempts in (attempts_now, attempts_then))
    return Answer(now, then, model.people if model else None)


def _expected(version: int, parameters: Parameters, attempts: int) -> Expected:
    key = f"what-if:{version}:{attempts}"
    kept: Expected | None = cache.get(key)
    if kept is None:
        kept = expect(parameters, [attempts])[0]
        cache.set(key, kept, KEPT_SECONDS)
    return kept
