"""What people type on the pages about studies."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.models import fields_for_model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.keeping import AnyOf, KeepingForm, say_what_to_do
from accounts.models import Team, User
from accounts.permissions import Permission
from tracker.models import Round, Study
from tracker.models.studies import StudyKind
from tracker.studies import StudyDetails, details_of

_NAMES = list(StudyDetails.__slots__)
_CLOCK = {"type": "time"}


class StudyForm(KeepingForm):
    """A study's page, with the teams that `by` may give it to. Given `study`, the fields are its own."""

    def __init__(self, *args: Any, by: User, study: Study | None = None, **kwargs: Any) -> None:
        if study is not None:
            details = details_of(study)
            kwargs["initial"] = {name: getattr(details, name) for name in _NAMES}
        super().__init__(*args, **kwargs)
        self.fields.update(_study_fields())
        self.fields["teams"] = _teams_field(by, study)
        for field in self.fields.values():
            say_what_to_do(field)
        self.order_fields(["code", "title", "kind", "teams", *_NAMES])

    def clean(self) -> dict[str, Any]:
        """Ask the model's own rules of every column."""
        typed = super().clean() or {}
        columns = {name: value for name, value in typed.items() if name != "teams"}
        try:
            Study(**columns).clean_fields(exclude={"id", "created_at", *(set(_NAMES) - columns.keys())})
        except ValidationError as invalid:
            self.add_error(None, invalid)
        return typed

    @property
    def has_teams(self) -> bool:
        """Whether there is any team to choose."""
        return bool(self.fields["teams"].queryset.exists())  # type: ignore[attr-defined]

    @property
    def details(self) -> StudyDetails:
        """What was typed, as the use cases read it."""
        typed = dict(self.cleaned_data)
        teams = frozenset(team.pk for team in typed.pop("teams"))
        return StudyDetails(teams=teams, **typed | {"kind": StudyKind(typed["kind"])})


class RoundForm(KeepingForm):
    """The dates of one wave."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=999)
    opens_on = forms.DateField(
        label=_("Opens on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    closes_on = forms.DateField(
        label=_("Closes on"),
        help_text=Round._meta.get_field("closes_on").help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_opens_on(self) -> date:
        return _plausible(self.cleaned_data["opens_on"])

    def clean_closes_on(self) -> date:
        return _plausible(self.cleaned_data["closes_on"])


def _plausible(on: date) -> date:
    if not 2000 <= on.year <= 2100:
        raise ValidationError(
            _("The year of this day cannot be right. Check it and type it again."), code="year"
        )
    return on


def _teams_field(by: User, study: Study | None) -> forms.Field:
    """Their own teams and those that work on it already, which must not fall out of it; an administrator's are all."""
    offered = Team.objects.all()
    if not by.may(Permission.ADMINISTER_STAFF) or by.country_codes:
        working = study.teams.values("pk") if study else []
        offered = offered.filter(Q(pk__in=by.team_ids) | Q(pk__in=working))
    return AnyOf(
        label=capfirst(_("teams")), queryset=offered.order_by("code"), widget=forms.CheckboxSelectMultiple
    )


def _study_fields() -> dict[str, forms.Field]:
    widgets: dict[str, type[forms.Widget] | forms.Widget] = {
        "calling_from": forms.TimeInput(attrs=_CLOCK, format="%H:%M"),
        "calling_until": forms.TimeInput(attrs=_CLOCK, format="%H:%M"),
        "code": forms.TextInput(attrs={"autocapitalize": "characters", "dir": "ltr"}),
        "survey_link": forms.TextInput(attrs={"dir": "ltr", "inputmode": "url", "spellcheck": "false"}),
        "script": forms.Textarea(attrs={"rows": 5}),
    }
    return fields_for_model(Study, fields=[name for name in _NAMES if name != "teams"], widgets=widgets)
