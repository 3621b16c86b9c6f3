"""What is typed to see one more team for a short time, and afterwards about how it was used."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.keeping import KeepingForm, OneOf
from accounts.models import Team, User
from accounts.models.break_glass import LONGEST_MINUTES, SHORTEST_MINUTES
from accounts.reasons import LONGEST, ReasonField


class AskForm(KeepingForm):
    """Which team, why and for how long."""

    team = OneOf(label=_("Team"), queryset=Team.objects.none(), empty_label=_("Choose a team"))
    reason = ReasonField()
    minutes = forms.IntegerField(
        label=_("For how many minutes?"),
        min_value=SHORTEST_MINUTES,
        max_value=LONGEST_MINUTES,
        initial=30,
        help_text=_("5 to 60, from the moment the second person says yes."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        not_seen = Team.objects.visible_to(by).exclude(pk__in=by.team_ids)
        self.fields["team"].queryset = not_seen  # type: ignore[attr-defined]

    def field_of(self, code: str) -> str | None:
        return "reason" if code.startswith("reason_") else None


class ReviewForm(KeepingForm):
    """What the third person found."""

    found = forms.CharField(
        label=_("What did you find?"),
        max_length=LONGEST,
        help_text=_("No names and no numbers: it stays in the trail."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def field_of(self, code: str) -> str | None:
        return "found" if code.startswith("reason_") else None
