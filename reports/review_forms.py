"""The forms of the officer's pages: saying that a week was reviewed, and planting a canary."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.keeping import KeepingForm, OneOf
from accounts.models import Team, User
from kernel.errors import NotFound


class ReviewForm(KeepingForm):
    """What was found, and how far the trail reached when it was read."""

    note = forms.CharField(
        label=_("What you found"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("At most 200 signs, without names and numbers. It is kept and never changed."),
    )
    up_to = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)


class PlantForm(KeepingForm):
    """Where to plant a canary."""

    team = OneOf(label=_("Team"), queryset=Team.objects.none(), empty_label=_("Choose a team"))

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.visible_to(reader)  # type: ignore[attr-defined]


def week_asked(given: str, instead: date) -> date:
    """The week in an address; `instead` when none is given. Raises NotFound for what is no Monday."""
    if not given:
        return instead
    try:
        week = date.fromisoformat(given)
    except ValueError:
        raise NotFound("no_such_week", _("There is no such week.")) from None
    if week.weekday() or not 2000 <= week.year <= 2200:
        raise NotFound("no_such_week", _("There is no such week."))
    return week
