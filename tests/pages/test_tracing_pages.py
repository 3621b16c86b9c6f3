"""The pages of a search: the call to a trusted person says nothing of us, and every step says why it is not open."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from consent.purposes import Purpose
from followups import tracing
from followups.models import Appointment, Attempt, Claim
from followups.scheduling.tracing_order import Began
from kernel import clock
from tests.factories import ALL_ASKED, make_user, synthetic_number
from tests.followups.making import MORNING, make_ready, owed_to
from tests.signing_in import signed_in
from tracker import numbers, reaching
from tracker.keeping import NewNumber, SafeContact
from tracker.models.contact_points import Whose

pytestmark = pytest.mark.django_db

WORDS = "I am looking for Amal. Do you know how to reach Amal?"
AGREED = (*ALL_ASKED, Purpose.TRUSTED_CONTACTS)


@pytest.fixture(autouse=True)
def at_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)


@pytest.fixture
def lost(world):
    """Somebody whose own number is dead, who trusts one person, and who is being looked for."""
    person = world.person_ready_at(MORNING, granted=AGREED)
    person.contact_points.update(status="disconnected")
    safe = SafeContact(cover_words=WORDS, safe_phrase="the weather is fine")
    new = NewNumber(numbers.parse(synthetic_number(), "GB"), Whose.TRUSTED, safe, position=1)
    reaching.add_numbers(respondent=person, numbers=[new], by=world.enumerator, now=MORNING)
    tracing.start(follow_up=owed_to(person), why=Began.NUMBER_DEAD, by=None, now=MORNING)
    make_ready(person, MORNING)
    return person


@pytest.fixture
def read(client):
    def get(who, name, *args, post=None, follow=True, **query):
        signed_in(client, who)
        url = reverse(name, args=args, query=query)
        return client.get(url, follow=follow) if post is None else client.post(url, post, follow=follow)

    return get


def text(answer):
    return answer.content.decode()


def test_the_card_of_a_call_to_a_trusted_person_says_so_before_anybody_presses_call(world, lost, read):
    page = text(read(world.enumerator, "followups:next", post={}))

    assert "This call goes to somebody they trust" in page
    assert "Being looked for" in page


def test_the_call_to_a_trusted_person_has_the_words_and_no_interview_no_phrase_no_script(world, lost, read):
    world.study.script = "Hello, I call for the survey."
    world.study.save()
    read(world.enumerator, "followups:next", post={})

    page = text(read(world.enumerator, "followups:dial", Claim.objects.get().pk, post={}))

    assert WORDS in page
    assert "the weather is fine" not in page
    assert "I call for the survey" not in page
    assert world.study.title not in page
    for field in ("interview", "recontact", "stage", "bars_caller", "call_back_on"):
        assert f'name="{field}"' not in page
    offered = {
        "trusted_number", "trusted_tells", "trusted_stranger", "trusted_stop", "no_answer", "unsafe", "detained",
    }  # fmt: skip
    assert all(f'value="{code}"' in page for code in offered)
    assert all(f'value="{code}"' not in page for code in ("completed", "hard_refusal", "wrong_number"))


def test_what_a_trusted_person_gave_is_recorded_and_a_completed_interview_is_not(world, lost, read):
    read(world.enumerator, "followups:next", post={})
    read(world.enumerator, "followups:dial", Claim.objects.get().pk, post={})
    attempt = Attempt.objects.get()

    forged = {"disposition": "completed", "interview": "yes"}
    refused = read(world.enumerator, "followups:outcome", attempt.pk, post=forged)
    taken = read(world.enumerator, "followups:outcome", attempt.pk, post={"disposition": "trusted_number"})

    attempt.refresh_from_db()
    assert refused.status_code == 400
    assert (taken.status_code, attempt.disposition) == (200, "trusted_number")


def test_the_outcomes_of_trusted_people_are_not_offered_on_their_own_number(world, read):
    world.person_ready_at(MORNING)
    read(world.enumerator, "followups:next", post={})

    page = text(read(world.enumerator, "followups:dial", Claim.objects.get().pk, post={}))

    assert "trusted_" not in page


def test_the_page_of_somebody_who_is_looked_for_shows_each_step_and_why_it_is_not_open(world, lost, read):
    page = text(read(world.coordinator, "casework:respondent", lost.pk))

    assert "no number of theirs may be dialled any more" in page
    for said in (
        "Not dialled: it is dead, or not theirs, or not safe",
        "Not used: they have not agreed to it",
        "Called next, with the words they chose, when it is safe",
        "Open: write it down when they come to us",
        "After the calls",
    ):
        assert said in page


def test_a_coordinator_begins_and_ends_a_search_from_the_page_and_an_enumerator_does_not(world, read):
    person = world.person_ready_at(MORNING)

    assert read(world.enumerator, "casework:look_for", person.pk, post={}).status_code == 403
    assert "being looked for from now on" in text(
        read(world.coordinator, "casework:look_for", person.pk, post={})
    )
    assert owed_to(person).tracing_why == "coordinator"
    read(world.coordinator, "casework:look_for", person.pk, post={"end": "1"})
    assert owed_to(person).tracing_since is None


def test_that_they_contacted_us_is_written_down_with_when_to_call_back(world, lost, read):
    typed = {
        "way": "missed_call",
        "call_back_on": "2026-04-02",
        "call_back_at": "15:00",
        "raw": synthetic_number(),
    }

    page = text(read(world.enumerator, "casework:contacted", lost.pk, post=typed))

    assert "They are called when they said." in page
    assert Appointment.objects.get().starts_at == MORNING + timedelta(hours=6)
    assert owed_to(lost).tracing_since is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"raw": ""}, "Choose one."),
        ({"way": "message", "call_back_at": "15:00"}, "Give the day too"),
        ({"way": "message", "call_back_on": "2026-04-02"}, "Give a time or a part of the day"),
        ({"way": "message", "raw": "12"}, "number"),
        (
            {"way": "message", "call_back_on": "2026-04-02", "call_back_at": "23:30", "raw": ""},
            "They cannot be called at that time",
        ),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_is_kept(world, read, typed, sentence):
    person = world.person_ready_at(MORNING)

    answer = read(world.enumerator, "casework:contacted", person.pk, post=typed)

    assert answer.status_code == 400
    assert sentence in text(answer)
    assert not AuditEvent.objects.filter(action=Action.CONTACT_RECEIVED).exists()


def test_a_code_that_is_known_and_one_that_is_not_are_answered_alike(world, read):
    person = world.person_ready_at(MORNING)
    known = {"said": person.spoken_code, "way": "missed_call"}
    unknown = {"said": synthetic_number(), "way": "missed_call"}

    answers = [
        text(read(world.enumerator, "casework:contacted_by", post=typed)) for typed in (known, unknown)
    ]

    assert all("If we know who it was, they are called back" in page for page in answers)


def test_the_list_of_those_who_need_another_route_is_the_coordinators_own(world, lost, read):
    elsewhere = make_user(Role.COORDINATOR)

    mine = text(read(world.coordinator, "reports:sought"))
    theirs = text(read(elsewhere, "reports:sought"))

    assert lost.spoken_code in mine
    assert "no number of theirs may be dialled any more" in mine
    assert lost.spoken_code not in theirs
    assert "Nobody needs another route." in theirs
