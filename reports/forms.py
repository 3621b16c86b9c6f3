"""The filters of the reports, as they stand in the address."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.keeping import OneOf
from accounts.models import Team, User
from audit.actions import Action
from followups.models.follow_ups import Ended
from followups.models.restraints import HoldKind
from followups.scheduling.reasons import Reason
from kernel import languages
from kernel.errors import DomainError
from reports.events import Asked
from reports.months import latest_months
from reports.owing import Kind
from reports.particulars import as_uuid
from reports.restraints import waited_for
from reports.sentences import sentence
from reports.wanted import Wanted
from tracker.labels import STAGE_LABELS
from tracker.models import Respondent, Study

MONTHS_OFFERED = 24
ALL = [("", _("all"))]


class BoardForm(forms.Form):
    """What the board is narrowed to; everything may be left empty."""

    study = OneOf(label=_("Study"), queryset=Study.objects.none(), required=False, empty_label=_("all"))
    round = forms.IntegerField(label=_("Round"), required=False, min_value=1, max_value=999)
    month = forms.ChoiceField(label=_("Opened in"), required=False)
    team = OneOf(label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("all"))
    language = forms.ChoiceField(label=_("Language"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[*ALL, *STAGE_LABELS])

    def __init__(self, *args: Any, reader: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader, self.now = reader, now
        self.fields["study"].queryset = Study.objects.visible_to(reader)  # type: ignore[attr-defined]
        self.fields["team"].queryset = _teams_of(reader)  # type: ignore[attr-defined]
        if "month" in self.fields:
            self.fields["month"].choices = [*ALL, *_months(reader, now)]  # type: ignore[attr-defined]
        self.fields["language"].choices = [*ALL, *_languages()]  # type: ignore[attr-defined]

    def clean_month(self) -> date | None:
        given = self.cleaned_data["month"]
        return date.fromisoformat(f"{given}-01") if given else None

    @property
    def wanted(self) -> Wanted:
        """The filters of a valid form."""
        said = self.cleaned_data
        return Wanted(
            reader=self.reader,
            now=self.now,
            study=said["study"],
            round_number=said.get("round"),
            month=said.get("month"),
            team=said["team"],
            language=said["language"],
            stage=said["stage"],
        )


class OwedForm(BoardForm):
    """The same filters, and which kind of owed follow-up."""

    kind = forms.ChoiceField(
        label=_("Which"), required=False, choices=[("", _("all that are open")), *Kind.choices]
    )

    waits = forms.ChoiceField(label=_("What they wait for"), required=False)

    field_order = ("kind", "waits")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = sorted(((reason.value, waited_for(reason)) for reason in Reason), key=lambda one: one[1])
        self.fields["waits"].choices = [*ALL, *reasons]  # type: ignore[attr-defined]

    @property
    def kind_wanted(self) -> Kind | None:
        given = self.cleaned_data["kind"]
        return Kind(given) if given else None


class LostForm(BoardForm):
    """The same filters, and why it ended."""

    reason = forms.ChoiceField(
        label=_("Reason"), required=False, choices=[*ALL, *(one for one in Ended.choices if one[0])]
    )

    field_order = ("reason",)

    @property
    def reason_wanted(self) -> Ended | None:
        given = self.cleaned_data["reason"]
        return Ended(given) if given else None


class HeldForm(BoardForm):
    """The filters that narrow people, and which holds."""

    kind = forms.ChoiceField(label=_("Hold"), required=False, choices=[*ALL, *HoldKind.choices])
    due = forms.BooleanField(label=_("Only those due for review"), required=False)
    round = month = None  # type: ignore[assignment]

    field_order = ("kind", "due")

    @property
    def kind_wanted(self) -> HoldKind | None:
        given = self.cleaned_data["kind"]
        return HoldKind(given) if given else None


class SoughtForm(BoardForm):
    """The filters that narrow people."""

    round = month = None  # type: ignore[assignment]


class TrailForm(forms.Form):
    """Which part of the trail to read."""

    action = forms.ChoiceField(label=_("What"), required=False)
    by = forms.CharField(label=_("Who"), required=False, max_length=40, help_text=_("A username."))
    about = forms.CharField(
        label=_("About"), required=False, max_length=20, help_text=_("A respondent’s code.")
    )
    starts = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ref = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        self.fields["action"].choices = [*ALL, *_actions()]  # type: ignore[attr-defined]

    def clean_by(self) -> User | None:
        given = self.cleaned_data["by"].strip()
        if not given:
            return None
        found: User | None = User.objects.visible_to(self.reader).filter(username__iexact=given).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has this username. Look it up in the list of staff."))
        return found

    def clean_about(self) -> UUID | None:
        given = self.cleaned_data["about"].strip()
        return self._audit_ref(given) if given else None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["ref"] = as_uuid(said.get("ref"))
        if self.data.get("ref") and said["ref"] is None:
            self.add_error("about", _("This link is not whole. Write the respondent’s code instead."))
        starts, ends = said.get("starts"), said.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("This day is before the first one."))
        return said

    @property
    def asked(self) -> Asked:
        """The filters of a valid form."""
        said = self.cleaned_data
        return Asked(
            zone_name=self.reader.time_zone,
            action=Action(said["action"]) if said["action"] else None,
            actor=said["by"],
            audit_ref=said["about"] or said["ref"],
            starts=said["starts"],
            ends=said["ends"],
            before=self._before,
        )

    @property
    def _before(self) -> int | None:
        # Read from the address and never shown in the form: new filters begin at the newest event again.
        given = str(self.data.get("before", ""))
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None

    def _audit_ref(self, spoken: str) -> UUID:
        try:
            found = Respondent.objects.visible_to(self.reader).with_code(spoken).first()
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
        if found is None:
            raise forms.ValidationError(_("No respondent has this code."))
        if found.audit_ref is None:
            raise forms.ValidationError(
                _(
                    "This respondent was erased, and with them the link to the trail. The events stay, unlinked."
                )
            )
        return found.audit_ref  # type: ignore[no-any-return]


def _teams_of(reader: User) -> Any:
    return Team.objects.all() if reader.sees_all_teams else Team.objects.filter(pk__in=reader.team_ids)


def _months(reader: User, now: datetime) -> list[tuple[str, str]]:
    months = latest_months(now, reader.time_zone, MONTHS_OFFERED)
    return [(f"{month:%Y-%m}", date_format(month, "F Y")) for month in months]


def _languages() -> list[tuple[str, str]]:
    locale = get_language() or "en"
    return sorted(
        ((code, languages.names(code, locale)) for code in languages.LANGUAGES), key=lambda one: one[1]
    )


def _actions() -> list[tuple[str, str]]:
    return [(action.value, sentence(action, who="…", whom="…")) for action in Action]
