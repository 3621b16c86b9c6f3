"""The synthetic study loads through the real use cases, adds up, and gives every role something to do."""

import logging
import re
from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from audit.models import AuditEvent
from config import home
from config.demo import content, people, words
from config.demo.loading import load
from consent.folding import Decision
from consent.models import LedgerEntry, Wording
from followups.models import Appointment, Attempt, FollowUp, Hold
from followups.models.follow_ups import LIVE, State
from kernel import zones
from orientation.models import OrientationRequest
from tests.signing_in import signed_in
from tracker.models import ContactPoint, Respondent
from tracker.models.respondents import Status
from tracker.numbers import parse
from tracker.stages import NEVER_CALLED

pytestmark = [pytest.mark.slow, pytest.mark.either]
FEW = 30
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
KEPT_FOR_FICTION = r"(447700900\d{3}|33(19900|26191|35301|46571|53649|63998)\d{4})"
FICTION = re.compile(rf"^\+{KEPT_FOR_FICTION}$")
BEGAN = NOW - timedelta(days=content.DAYS)


@pytest.fixture
def cheap_passwords(settings, caplog):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    settings.RECONTACT_DEMO = True
    caplog.set_level(logging.WARNING, logger="followups.ticking")


@pytest.fixture
def loaded(db, cheap_passwords):
    return load(respondents=FEW, seed=1, now=NOW)


def test_the_synthetic_study_loads_adds_up_and_gives_every_role_something_to_do(loaded, client):
    """One loading, since it lives through months; each thing that is checked is a function of its own below."""
    counts_add_up(loaded)
    nobody_is_followed_without_a_yes()
    there_is_something_of_everything()
    no_number_is_in_the_main_database()
    the_trail_is_whole()
    every_first_page_answers(client)
    loading_it_again_is_refused_and_changes_nothing(loaded)


def counts_add_up(loaded):
    states = Counter(FollowUp.objects.values_list("state", flat=True))
    assert loaded.respondents == Respondent.objects.count() == FEW
    assert loaded.staff == User.objects.count() == len(content.STAFF) + 1
    assert loaded.interviews == states[State.DONE] > FEW // 4
    assert loaded.owed == sum(states[one] for one in LIVE)
    assert loaded.attempts == Attempt.objects.recorded().count()
    assert loaded.ready >= 3


def nobody_is_followed_without_a_yes():
    followed = set(Respondent.objects.active().values_list("pk", flat=True))
    said_yes = LedgerEntry.objects.filter(purpose="recontact", decision=Decision.GRANTED)
    assert followed <= set(said_yes.values_list("respondent_id", flat=True))
    never = [stage.value for stage in NEVER_CALLED]
    assert not FollowUp.objects.live().filter(respondent__stage__in=never).exists()


def there_is_something_of_everything():
    kept = set(Respondent.objects.values_list("status", flat=True))
    assert kept >= {Status.ACTIVE, Status.BASELINE_ONLY, Status.STOPPED, Status.ERASED}
    assert Hold.objects.standing(NOW).count() >= 2
    assert OrientationRequest.objects.open().filter(partner__code="HARBOUR").exists()
    assert Wording.objects.filter(approved_at=None).count() == len(words.WAITING)
    assert FollowUp.objects.filter(state=State.MISSED).exists()
    assert Appointment.objects.exists()
    assert ContactPoint.objects.filter(is_barred=True).exists()


def no_number_is_in_the_main_database():
    """Every text of every table, read as a thief of the file would."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                assert not re.search(
                    r"7700900|33(19900|26191|35301|46571|53649|63998)\d{4}", " ".join(map(str, row))
                ), table


def the_trail_is_whole():
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert actions >= {"identity.opened", "followups.number_revealed", "casework.respondent_erased"}
    assert AuditEvent.objects.filter(at__gt=NOW).count() == 0


def every_first_page_answers(client):
    for _shown, username in content.ROLES_SHOWN:
        user = User.objects.get(username=username)
        signed_in(client, user)
        page = client.get(reverse(home.FIRST_PAGE[Role(user.role)]))
        assert page.status_code == 200, username


def loading_it_again_is_refused_and_changes_nothing(loaded):
    events = AuditEvent.objects.count()
    with pytest.raises(CommandError, match="make reset") as refusal:
        call_command("demo")
    assert refusal.value.returncode == 1
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("hour", range(24))
def test_at_every_hour_somebody_is_awake_who_speaks_a_language_of_the_demos_enumerator(hour):
    now = datetime(2026, 3, 10, hour, 35, tzinfo=UTC)

    fresh = people.draw(8, 1, now, now - timedelta(days=content.DAYS))

    spoken = next(one.languages for one in content.STAFF if one.username == "enumerator")
    assert len(fresh) == 8
    for one in fresh:
        assert one.language in spoken
        assert time(8) <= zones.local(now, one.place.zone).time() < time(20)


def test_a_small_study_has_callable_people_in_the_middle_of_the_night_here(db, cheap_passwords):
    night = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)

    loaded = load(respondents=10, seed=3, now=night)

    assert loaded.ready >= 1


def test_outside_a_demo_nothing_is_loaded(db, settings):
    settings.RECONTACT_DEMO = False

    with pytest.raises(CommandError, match="not a demo"):
        call_command("demo")

    assert not User.objects.exists()


def test_the_announcement_has_the_banner_the_address_and_one_line_for_each_role(
    settings, monkeypatch, capsys
):
    settings.RECONTACT_DEMO = True
    monkeypatch.setenv("PORT", "8077")

    call_command("demo", "--announce")

    said = capsys.readouterr().out
    assert "ALL DATA IS SYNTHETIC" in said
    assert "http://127.0.0.1:8077/" in said
    assert re.findall(r"^(.+): (\S+) / (\S+)$", said, re.MULTILINE) == [
        ("administrator", "administrator", "demo"),
        ("enumerator", "enumerator", "demo"),
        ("coordinator", "coordinator", "demo"),
        ("focal point", "focal", "demo"),
        ("DPO", "dpo", "demo"),
    ]


@pytest.mark.parametrize("wrong", ["0", "-3", "many", "5001"])
def test_a_wrong_number_of_respondents_is_wrong_usage(settings, wrong):
    settings.RECONTACT_DEMO = True

    with pytest.raises(CommandError, match="from 1 to 5000"):
        call_command("demo", f"--respondents={wrong}")


def test_every_number_is_one_kept_for_fiction_and_none_is_used_for_two_unless_they_share_a_phone():
    drawn = people.draw(200, 7, NOW, BEGAN)

    numbers = Counter(number for one in drawn for number in one.numbers)
    shared = {number for one in drawn if one.whose == "shared" for number in one.numbers}
    assert all(FICTION.match(number) for number in numbers)
    assert {number for number, times in numbers.items() if times > 1} <= shared
    assert all(parse(number).e164 == number for number in numbers)


def test_the_same_seed_invents_the_same_people_and_another_seed_others():
    assert people.draw(30, 5, NOW, BEGAN) == people.draw(30, 5, NOW, BEGAN)
    assert people.draw(30, 5, NOW, BEGAN) != people.draw(30, 6, NOW, BEGAN)


def test_nothing_stands_in_a_language_that_we_do_not_write_unless_it_is_marked():
    for code in {code for one in content.STAFF for code in one.languages} - words.WRITTEN.keys():
        assert all(text.startswith("[English text") for text in words.texts(code).values())
