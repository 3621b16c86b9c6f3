"""What people type on the pages about staff, checked field by field."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import sign_in
from accounts.keeping import AnyOf, KeepingForm
from accounts.models import Gender, Shift, Team, User, Weekday
from accounts.permissions import Role
from accounts.requests import StaffRequest
from accounts.staffing import PersonDetails, details_of
from accounts.teams import TeamDetails
from kernel import countries, languages, zones
from kernel.errors import DomainError


class SignInForm(KeepingForm):
    """Username and password; `person` is who they belong to."""

    username = forms.CharField(
        label=_("Username"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: StaffRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.errors:
            self.attempt(sign_in.identify, request=self.request, now=self.request.now, **typed)
        return typed

    @property
    def person(self) -> User:
        return self.outcome  # type: ignore[no-any-return]


class OwnPasswordForm(KeepingForm):
    """The old password and, twice, a new one."""

    old = forms.CharField(
        label=_("Your password now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=200,
        help_text=_("At least 15 letters, digits or signs. Four or five unrelated words are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def field_of(self, code: str) -> str | None:
        return "old" if code == "wrong_password" else None

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.person)
        if self.person.check_password(new):
            raise forms.ValidationError(
                _("This is the password you have now. Think of another one."), code="same_password"
            )
        return new

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError(
                _("The two new passwords are not the same. Type the new one twice."), code="passwords_differ"
            )
        return again


class ZoneField(forms.CharField):
    """A time zone by its IANA name; the page offers a list to choose from."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"list": "zones", "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attributes), **kwargs)

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value).replace(" ", "_")
        try:
            zones.zone(typed)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
        return typed


class PersonForm(KeepingForm):
    """What is known of a member of staff. Given `person`, the fields are theirs and the username stays."""

    # Who they are and where, before the many languages of which most people tick two.
    field_order = (
        "username", "display_name", "role", "teams", "time_zone", "interface_language", "gender", "languages",
        "countries",
    )  # fmt: skip

    username = forms.CharField(
        label=_("Username"),
        max_length=40,
        validators=User._meta.get_field("username").validators,
        help_text=_("Small letters, digits, dots and hyphens. Not their legal name."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    display_name = forms.CharField(
        label=_("Shown as"), max_length=60, help_text=_("How colleagues see them.")
    )
    role = forms.TypedChoiceField(label=_("Role"), choices=[("", _("choose")), *Role.choices], coerce=Role)
    teams = AnyOf(
        label=_("Teams"), queryset=Team.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages they can interview in"), required=False, widget=forms.CheckboxSelectMultiple
    )
    countries = forms.MultipleChoiceField(
        label=_("Only in these countries"),
        required=False,
        help_text=_(
            "Tick none for no limit. With a tick, this person sees the people of teams in these countries only."
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    gender = forms.TypedChoiceField(
        label=_("Gender"),
        choices=Gender.choices,
        coerce=Gender,
        initial=Gender.NOT_SAID,
        help_text=_("Used only where a respondent asked for a woman’s or a man’s voice."),
    )
    time_zone = ZoneField(
        label=_("Time zone"), initial="UTC", help_text=_("Their own clock, for example Africa/Nairobi.")
    )
    interface_language = forms.ChoiceField(label=_("Language of the screens"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, by: User, person: User | None = None, **kwargs: Any) -> None:
        before = details_of(person) if person is not None else None
        kwargs["initial"] = _as_initial(before) if before else {"countries": by.country_codes}
        super().__init__(*args, **kwargs)
        if before is not None:
            del self.fields["username"]
        locale = get_language() or "en"
        offered = Team.objects.visible_to(by)
        listed = {*offered.values_list("country", flat=True), *(before.countries if before else ())}
        named = sorted((countries.country_name(code, locale), code) for code in listed)
        self.fields["teams"].queryset = offered  # type: ignore[attr-defined]
        self.fields["languages"].choices = languages.choices(locale)  # type: ignore[attr-defined]
        self.fields["countries"].choices = [(code, name) for name, code in named]  # type: ignore[attr-defined]

    @property
    def details(self) -> PersonDetails:
        """What was typed, as the use cases read it."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "username"}
        teams = frozenset[UUID](team.pk for team in typed.pop("teams"))
        spoken, limits = frozenset[str](typed.pop("languages")), frozenset[str](typed.pop("countries"))
        return PersonDetails(teams=teams, languages=spoken, countries=limits, **typed)


class TeamForm(KeepingForm):
    """A team's code, title and country."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        validators=Team._meta.get_field("code").validators,
        help_text=_("How files name the team: capital letters, digits and hyphens."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "dir": "ltr"}),
    )
    title = forms.CharField(label=_("Title"), max_length=60)
    country = forms.ChoiceField(label=_("Country"))

    def __init__(self, *args: Any, by: User, team: Team | None = None, **kwargs: Any) -> None:
        if team is not None:
            kwargs["initial"] = {"code": team.code, "title": team.title, "country": team.country}
        super().__init__(*args, **kwargs)
        own = by.country_codes
        listed = [one for one in countries.choices(get_language() or "en") if not own or one[0] in own]
        self.fields["country"].choices = [("", _("Choose a country")), *listed]  # type: ignore[attr-defined]

    @property
    def details(self) -> TeamDetails:
        """What was typed, as the use cases read it."""
        return TeamDetails(**self.cleaned_data)


class ShiftForm(KeepingForm):
    """Hours on one day of every week."""

    weekday = forms.TypedChoiceField(
        label=Shift._meta.get_field("weekday").verbose_name,
        choices=Weekday.choices,
        coerce=lambda value: Weekday(int(value)),
    )
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def _as_initial(details: PersonDetails) -> dict[str, Any]:
    return {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in ((name, getattr(details, name)) for name in PersonDetails.__slots__)
    }
