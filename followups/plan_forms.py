"""What people type on the page of a plan: one small form per stage, checked and turned into rules together."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.keeping import KeepingForm
from accounts.models import User
from followups import plans, replanning
from followups.models import Plan
from followups.scheduling.rules import Channel, StageRule
from tracker.labels import stage_label
from tracker.models import Study
from tracker.stages import Stage, allows_outbound, is_tracing_only

LONGEST_LADDER = 8
SHORTEST_SPACING_MINUTES = 180


class LadderField(forms.CharField):
    """Days between interviews: one number, or a ladder such as "30, 60, 90"."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(days) for days in value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> tuple[int, ...]:
        typed: str = super().clean(value)
        # Digits of any script count: int() reads them. Commas of any script part them, and so do spaces.
        steps = [step for step in re.split(r"[,،፣;\s]+", typed) if step]
        if not all(step.isdecimal() for step in steps) or len(steps) > LONGEST_LADDER:
            raise ValidationError(
                _("Write whole days with commas between them, at most eight, such as 30, 60, 90."),
                code="ladder",
            )
        ladder = tuple(int(step) for step in steps)
        if any(not 0 <= days <= 365 for days in ladder):
            raise ValidationError(_("Each step is at most 365 days."), code="ladder_too_long")
        return ladder


class StageForm(forms.Form):
    """The rule of one stage."""

    outbound = forms.BooleanField(label=_("May be called"), required=False)
    interval_days = LadderField(label=_("Days between interviews"), required=False, max_length=60)
    early_days = forms.IntegerField(
        label=_("May be early by (days)"), required=False, min_value=0, max_value=60
    )
    late_days = forms.IntegerField(
        label=_("May be late by (days)"), required=False, min_value=1, max_value=90
    )
    attempt_cap = forms.IntegerField(label=_("Attempts at most"), required=False, min_value=1, max_value=8)
    spacing_minutes = forms.IntegerField(
        label=_("Minutes between attempts"),
        required=False,
        min_value=SHORTEST_SPACING_MINUTES,
        max_value=10080,
    )
    review_days = forms.IntegerField(
        label=_("Look again after (days)"), required=False, min_value=1, max_value=365
    )

    def __init__(self, data: Any = None, *, rule: StageRule) -> None:
        self.stage = rule.stage
        self.label = stage_label(rule.stage)
        self.is_callable = allows_outbound(rule.stage)
        names = [name for name in self.base_fields if rule.outbound or name in ("outbound", "review_days")]
        initial = {name: getattr(rule, name) for name in names}
        super().__init__(data, prefix=rule.stage.value, initial=initial)
        if not self.is_callable:
            # Hidden and not left out: whoever sends it all the same is told why not.
            self.fields["outbound"].widget = forms.HiddenInput()
            for name in set(self.fields) - {"outbound", "review_days"}:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("outbound"):
            self._check_calls(typed)
        elif typed.get("review_days") is None and "review_days" not in self.errors:
            self.add_error(
                "review_days", _("Say after how many days somebody looks again at a person not called.")
            )
        return typed

    def _check_calls(self, typed: dict[str, Any]) -> None:
        if not self.is_callable:
            raise ValidationError(
                _(
                    "Nobody is called at the stage “%(stage)s”, whatever the plan: the phone may be in other hands."
                ),
                params={"stage": self.label},
                code="unsafe_stage",
            )
        for name in ("interval_days", "early_days", "late_days", "attempt_cap", "spacing_minutes"):
            if name not in self.errors and typed.get(name) in (None, ()):
                self.add_error(name, _("This is needed where people may be called."))
        self._check_window(typed.get("interval_days"), typed.get("early_days"))

    def _check_window(self, ladder: tuple[int, ...] | None, early_days: int | None) -> None:
        if not ladder or early_days is None:
            return
        if is_tracing_only(self.stage):
            if early_days > min(ladder):
                self.add_error("early_days", _("The window cannot open before the interval has begun."))
        elif min(ladder) < 1:
            self.add_error("interval_days", _("Leave at least one day between two interviews."))
        elif early_days >= min(ladder):
            self.add_error(
                "early_days",
                _("The window would open before the last interview. Choose fewer days than the interval."),
            )

    @property
    def rule(self) -> StageRule:
        """What was typed, as the engine reads it. Only for a form that is valid."""
        typed = self.cleaned_data
        if not typed["outbound"]:
            return StageRule(
                self.stage,
                (),
                0,
                0,
                0,
                outbound=False,
                review_days=typed["review_days"],
                channel=Channel.NONE,
            )
        return StageRule(stage=self.stage, **typed)


class PlanForm(KeepingForm):
    """Every stage of a plan at once; `replaces` is the version it was made from."""

    replaces = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    moves_planned = forms.BooleanField(
        label=_("Move what is planned already"),
        required=False,
        help_text=_(
            "Follow-ups that are planned and not open yet get the dates of the new version, bit by bit in the "
            "background. What is open keeps its dates."
        ),
    )

    def __init__(self, data: Any = None, *, rules: Mapping[Stage, StageRule], version: int) -> None:
        super().__init__(data, initial={"replaces": version})
        if not version:
            del self.fields["moves_planned"]
        self.stages = [StageForm(data, rule=rule) for rule in rules.values()]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        # Each is asked, not only the first that fails: all sentences are shown at once.
        wrong = [form for form in self.stages if not form.is_valid()]
        if wrong:
            raise ValidationError(
                _("Some stages need another look. What you typed is kept; nothing is saved yet."),
                code="stages",
            )
        return typed

    @property
    def rules(self) -> list[StageRule]:
        return [form.rule for form in self.stages]

    def arguments(self, study: Study, by: User, now: datetime) -> dict[str, Any]:
        """What was typed, as the use case takes it."""
        replaces = self.cleaned_data["replaces"]
        return {"study": study, "rules": self.rules, "replaces": replaces, "by": by, "now": now}

    @property
    def is_a_look(self) -> bool:
        """Whether they only asked what would move, and nothing is to be saved."""
        return "look" in self.data

    @property
    def use_case(self) -> Callable[..., Plan]:
        """What saving does."""
        return replanning.save_and_apply if self.cleaned_data.get("moves_planned") else plans.save_plan
