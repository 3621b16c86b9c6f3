"""What a coordinator fills in to move work or to release a call."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.keeping import KeepingForm, OneOf
from accounts.models import Team, User
from followups.calling.releasing import ReleaseReason
from followups.moving_work import AS_IT_IS, NOBODY, Wanted
from kernel import languages
from tracker.labels import STAGE_LABELS

ALL = [("", _("all"))]


class MoveWorkForm(KeepingForm):
    """Whose work, and where to. Looked at first; `expected` is how many the look has shown."""

    team = OneOf(label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("all"))
    language = forms.ChoiceField(label=_("Language"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[*ALL, *STAGE_LABELS])
    of = forms.ChoiceField(label=_("Usually called by"), required=False)
    to_team = OneOf(
        label=_("To team"), queryset=Team.objects.none(), required=False, empty_label=_("as it is")
    )
    to_enumerator = forms.ChoiceField(label=_("To usual enumerator"), required=False)
    expected = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.filter(pk__in=by.team_ids)
        callers = User.objects.working().enumerators().filter(teams__in=by.team_ids).distinct()
        self.callers = {str(one.pk): one for one in callers.order_by("display_name")}
        named = [(pk, one.display_name) for pk, one in self.callers.items()]
        locale = get_language() or "en"
        spoken = ((code, languages.names(code, locale)) for code in languages.LANGUAGES)
        fields: dict[str, Any] = self.fields
        fields["team"].queryset = fields["to_team"].queryset = teams
        fields["language"].choices = [*ALL, *sorted(spoken, key=lambda one: one[1])]
        fields["of"].choices = [*ALL, (NOBODY, _("nobody in particular")), *named]
        fields["to_enumerator"].choices = [
            (AS_IT_IS, _("as it is")), (NOBODY, _("nobody in particular")), *named
        ]  # fmt: skip

    @property
    def is_a_look(self) -> bool:
        """Whether they only asked what would move."""
        return "look" in self.data

    @property
    def wanted(self) -> Wanted:
        """What a valid form asks for."""
        said = self.cleaned_data
        return Wanted(
            team=said["team"],
            language=said["language"],
            stage=said["stage"],
            of=self.callers.get(said["of"], said["of"]),
            to_team=said["to_team"],
            to_enumerator=self.callers.get(said["to_enumerator"], said["to_enumerator"]),
        )

    @property
    def shown(self) -> int:
        """How many they were shown; -1 where they did not look."""
        expected = self.cleaned_data["expected"]
        return -1 if expected is None else int(expected)


class ReleaseForm(KeepingForm):
    """Why a coordinator ends somebody's claim."""

    why = forms.ChoiceField(label=_("Why"), choices=ReleaseReason.choices)
