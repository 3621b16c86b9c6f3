"""From an empty database to a completed call and a planned next one, through the pages and without the demo."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Team, User
from consent.models import Wording
from consent.purposes import Purpose
from followups.models import FollowUp
from followups.plan_forms import PlanForm
from followups.scheduling.rules import DEFAULT_RULES
from kernel import clock
from tests.accounts.codes import code_of
from tracker.models import Respondent, Study

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
NUMBER = "+447700900123"
WORDS = "Here are the exact words about this, which are read out before anybody answers."
STAFF = {"gender": "woman", "time_zone": "Africa/Tripoli", "interface_language": "en"}


class Pages:
    """A browser: signs in and out, opens pages and sends their forms, at a moment that the story sets."""

    def __init__(self, client, monkeypatch):
        self.client, self.monkeypatch = client, monkeypatch
        self.at(MONDAY)

    def at(self, moment):
        self.now = moment
        self.monkeypatch.setattr(clock, "now", lambda: moment)

    def sign_in(self, username, password):
        """For the first time: a password of one's own, then an app for codes."""
        self.client.post(reverse("accounts:sign_out"))
        self.send("accounts:sign_in", username=username, password=password)
        own = f"{username} knows four plain words"
        self.send("accounts:own_password", old=password, new=own, again=own)
        seed = first_password(self.open("accounts:factor_app")).replace(" ", "")
        self.send("accounts:factor_app", code=code_of(seed))

    def open(self, name, *args, **query):
        return self._read(self.client.get(reverse(name, args=args, query=query), follow=True))

    def send(self, name, *args, query=None, **typed):
        url = reverse(name, args=args, query=query)
        return self._read(self.client.post(url, typed, follow=True))

    def _read(self, response):
        assert response.status_code == 200, response.content.decode()
        return response.content.decode()


@pytest.fixture
def pages(client, monkeypatch):
    return Pages(client, monkeypatch)


def first_password(page):
    return re.search(r'first-password">([^<]+)<', page).group(1)


def the_plan_as_proposed():
    typed = {"replaces": "0"}
    for stage in PlanForm(rules=DEFAULT_RULES, version=0).stages:
        for name in stage.fields:
            value = stage[name].value()
            if value is not None and value is not False:
                typed[f"{stage.prefix}-{name}"] = "on" if value is True else str(value)
    return typed


def set_up_staff(pages, capsys):
    """The administrator makes a team and four people; the passwords are shown once."""
    call_command("make_administrator", "--generate", "--username", "ada")
    pages.sign_in("ada", capsys.readouterr().out.rsplit(" ", 1)[-1].strip())
    pages.send("accounts:team_new", code="TRIP", title="Tripoli", country="LY")
    team = Team.objects.get()
    people = {
        "cora": {"role": "coordinator", "teams": [team.pk]},
        "carl": {"role": "coordinator", "teams": [team.pk]},
        "sena": {"role": "enumerator", "teams": [team.pk], "languages": ["ti", "ar"]},
    }
    passwords = {
        name: first_password(
            pages.send("accounts:person_new", username=name, display_name=name.title(), **STAFF, **details)
        )
        for name, details in people.items()
    }
    sena = User.objects.get(username="sena")
    pages.send("accounts:shifts", sena.pk, weekday="0", starts="09:00", ends="17:00")
    return team, passwords


def set_up_study(pages, team, passwords):
    """A coordinator makes the study, its plan and the words; a second one approves the words."""
    pages.sign_in("cora", passwords["cora"])
    pages.send(
        "tracker:study_new", code="LY-1", title="Libya panel", kind="rolling", teams=[team.pk], calling_from="08:00",
        calling_until="20:00", attempts_a_day="2", attempts_a_week="5", consent_valid_days="365",
        longest_interview_minutes="45", contact_retention_days="180", survey_link="", script="",
    )  # fmt: skip
    study = Study.objects.get()
    pages.send("followups:plan_edit", study.pk, **the_plan_as_proposed())
    for purpose in (Purpose.INTERVIEW, Purpose.KEEP_NUMBER, Purpose.RECONTACT):
        pages.send("consent:wording", purpose, "ti", text=f"{WORDS} {purpose.label}")
    pages.sign_in("carl", passwords["carl"])
    for draft in Wording.objects.all():
        pages.send("consent:approve", draft.pk)
    return study


def enrol_somebody(pages, study, team):
    where = {"study": study.pk, "team": team.pk, "language": "ti"}
    pages.open("casework:enrol", **where)
    pages.send(
        "casework:enrol", query=where, mode="in_person", stage="arrived", country="LY",
        answer_interview="granted", answer_keep_number="granted", answer_recontact="granted",
        **{"number1-raw": NUMBER, "number1-safe_days": list(range(7))},
    )  # fmt: skip
    return Respondent.objects.get()


def test_from_an_empty_database_to_a_completed_call_and_a_planned_next_one(pages, capsys):
    team, passwords = set_up_staff(pages, capsys)
    study = set_up_study(pages, team, passwords)
    pages.sign_in("sena", passwords["sena"])
    person = enrol_somebody(pages, study, team)
    first = FollowUp.objects.get()
    call_command("tick", at=first.opens_at)
    first.refresh_from_db()
    pages.at(first.ready_from + timedelta(minutes=1))

    today = pages.open("home")
    card = pages.send("followups:next")
    claim_pk = re.search(r"/calls/([0-9a-f-]{36})/dial", card).group(1)
    call = pages.send("followups:dial", claim_pk)
    outcome_url = re.search(r'action="(/calls/outcomes/[^"]+)"', call).group(1)
    pages.at(pages.now + timedelta(minutes=25))
    typed = {"disposition": "completed", "interview": "yes", "recontact": "yes", "stage": "settled"}
    recorded = pages._read(pages.client.post(outcome_url, typed, follow=True))

    assert re.search(r"headline-count\D+1\b", today)
    assert person.spoken_code in card
    assert NUMBER not in card
    assert f"tel:{NUMBER}" in call
    assert WORDS in call
    first.refresh_from_db()
    assert (first.state, first.aapor) == ("done", "1.1")
    following = FollowUp.objects.get(round_number=2)
    assert (following.state, following.stage) == ("planned", "settled")
    assert (following.due_at - first.closed_at).days in (89, 90)
    assert "The next call is planned for" in recorded
    assert NUMBER not in recorded
