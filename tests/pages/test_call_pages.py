"""The enumerator's pages: one big action, a call, what happened; and what bad input is told."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from casework.receipts import Grade
from casework.withdrawing import withdraw
from consent.models import Mode
from followups.models import Appointment, Attempt, Claim, Dial, FollowUp, Hold
from followups.ticking.tick import tick
from kernel import clock
from tests.factories import make_user
from tests.followups.making import MORNING, OPENS, World, claim, dial, make_ready, owed_to, ring
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
NUMBER, DIGITS = "+447700900111", "447700900111"


@pytest.fixture(autouse=True)
def cheap_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture
def world(db):
    return World()


@pytest.fixture
def at(monkeypatch):
    """Sets the moment of the requests that follow."""

    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(MORNING)
    return set_to


@pytest.fixture
def person(world):
    return world.person_ready_at(MORNING, numbers=(NUMBER,))


@pytest.fixture
def page(client, world, at):
    """Posts or reads a page as the enumerator, or as somebody else."""

    def read(name, *args, by=None, post=None, follow=True):
        signed_in(client, by or world.enumerator)
        url = reverse(f"followups:{name}", args=args)
        return client.get(url, follow=follow) if post is None else client.post(url, post, follow=follow)

    return read


@pytest.fixture
def claimed(page, person):
    page("next", post={})
    return Claim.objects.get()


@pytest.fixture
def attempt(page, claimed):
    page("dial", claimed.pk, post={})
    return Attempt.objects.get()


def text(response):
    return response.content.decode()


# --- The job ------------------------------------------------------------------------------------------------------


def test_the_whole_call_through_the_pages(page, person, at):
    today = page("today")
    assert "can be called now" in text(today)
    card = page("next", post={})
    assert person.spoken_code in text(card)
    assert DIGITS not in text(card)
    claimed = Claim.objects.get()
    call = page("dial", claimed.pk, post={})
    assert f'href="tel:{NUMBER}"' in text(call)
    assert "no-store" in call.headers["Cache-Control"]
    at(MORNING + timedelta(minutes=20))

    done = page(
        "outcome", Attempt.objects.get().pk, post={"disposition": "completed", "interview": "yes", "stage": "settled"}
    )  # fmt: skip

    assert "The next call is planned for 1 July 2026" in text(done)
    assert owed_to(person).stage == "settled"


def test_nothing_to_call_says_so_and_what_to_do(page):
    nothing = page("next", post={})

    assert "Nobody to call right now" in text(nothing)


def test_the_first_page_never_shows_a_number_and_takes_as_many_queries_for_many(page, world, person):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            response = page("today")
        assert "447700" not in text(response)
        return len(seen)

    queries()
    few = queries()
    for _person in range(8):
        world.person_ready_at(MORNING)

    assert queries() <= few


def test_the_card_takes_as_many_queries_with_three_numbers_as_with_one(page, world, person, claimed):
    def queries(of):
        page("card", of.pk)
        with CaptureQueriesContext(connection) as seen:
            page("card", of.pk)
        return len(seen)

    one = queries(claimed)
    Claim.objects.update(ended_at=MORNING, ended="handed_back")
    FollowUp.objects.of(person).update(state="resting", ready_from=None, ready_until=None)
    world.person_ready_at(MORNING, numbers=tuple(f"+4477009003{n}0" for n in range(3)))
    page("next", post={})

    assert queries(Claim.objects.get(ended_at=None)) == one


def test_a_dial_keeps_the_session_alive_for_the_call_and_the_outcome_ends_that(page, client, attempt):
    assert "_session_expiry" in client.session
    assert DIGITS not in str(dict(client.session))

    page("outcome", attempt.pk, post={"disposition": "no_answer"})

    assert "_session_expiry" not in client.session


def test_pressing_call_twice_shows_the_same_number_and_dials_once(page, claimed):
    first, second = page("dial", claimed.pk, post={}), page("dial", claimed.pk, post={})

    assert f"tel:{NUMBER}" in text(first)
    assert f"tel:{NUMBER}" in text(second)
    assert Dial.objects.count() == 1


def test_a_call_page_sent_again_after_its_minute_shows_the_card_and_no_number(page, claimed, attempt, at):
    at(MORNING + timedelta(minutes=3))

    again = page("dial", claimed.pk, post={})

    assert DIGITS not in text(again)
    assert reverse("followups:outcome", args=[attempt.pk]) in text(again)
    assert Dial.objects.count() == 1


@pytest.mark.parametrize(
    ("gateway", "told"),
    [("console", "Your call is being connected"), ("simulator", "Practice: nobody is really called")],
)
def test_with_a_bridge_the_number_is_on_no_page(page, claimed, settings, gateway, told):
    settings.GATEWAY = gateway

    call = page("dial", claimed.pk, post={})

    assert DIGITS not in text(call)
    assert told in text(call)


def test_a_dial_that_is_refused_says_why_and_opens_nothing(page, person, claimed):
    person.contact_points.update(is_barred=True)

    refused = page("dial", claimed.pk, post={})

    assert refused.status_code == 409
    assert "None of their numbers may be dialled" in text(refused)
    assert DIGITS not in text(refused)
    assert not AuditEvent.objects.filter(action=Action.NUMBER_REVEALED).exists()


def test_a_second_number_that_is_refused_leads_to_the_outcome_that_is_still_owed(page, world, at):
    person = world.person_ready_at(MORNING, numbers=(NUMBER, "+447700900222"))
    page("next", post={})
    claimed = Claim.objects.get()
    first = page("dial", claimed.pk, post={}).context["card"].last_dial
    person.contact_points.update(is_barred=True)

    refused = text(page("dial", claimed.pk, post={"after": first.pk, "gave": "no_answer"}))

    assert reverse("followups:outcome", args=[first.attempt_id]) in refused
    assert "Take the next call" not in refused


def test_the_card_says_when_each_number_is_safe(page, person, claimed):
    person.contact_points.update(safe_from="14:00", safe_until="18:00", safe_days=[0, 1, 2, 3, 5, 6])

    card = text(page("card", claimed.pk))

    assert "Safe 14:00–18:00." in card
    assert "Never on Friday." in card


def test_unsafe_answers_with_a_blank_page_and_holds(page, claimed, person):
    blank = page("unsafe", claimed.pk, post={})

    assert person.spoken_code not in text(blank)
    assert "Call" not in text(blank)
    assert Hold.objects.filter(respondent=person, kind="safety").exists()


def test_somebody_known_is_given_back_and_not_offered_again(page, claimed, person, at):
    told = page("hand_back", claimed.pk, post={"why": "knows_them"})
    assert "Given back." in text(told)
    make_ready(person, MORNING)

    assert "Nobody to call right now" in text(page("next", post={}))


def test_one_tap_says_that_nobody_answered(page, attempt):
    call = text(page("dial", attempt.claim_id, post={}))
    assert re.search(r'<button class="choice" name="disposition" value="no_answer">', call)

    page("outcome", attempt.pk, post={"disposition": "no_answer"})

    attempt.refresh_from_db()
    assert attempt.disposition == "no_answer"


def test_a_second_number_is_offered_beside_the_first_and_a_third_is_not_made_up(page, world, at):
    world.person_ready_at(MORNING, numbers=(NUMBER, "+447700900222"))
    page("next", post={})
    claimed = Claim.objects.get()

    first = page("dial", claimed.pk, post={})
    after = first.context["card"].last_dial.pk
    second = page("dial", claimed.pk, post={"after": after, "gave": "no_answer"})

    assert "Call the next number" in text(first)
    assert "tel:+447700900222" in text(second)
    assert "Call the next number" not in text(second)
    assert "Call the next number" not in text(page("card", claimed.pk))


def test_a_call_back_that_cannot_be_is_told_where_its_day_is_typed(page, attempt):
    answer = text(page("outcome", attempt.pk, post={"disposition": "callback_firm"}))

    assert 'id="id_call_back_on_error"' in answer
    assert '<a href="#id_call_back_on_error">Day, where they are</a>' in answer


@pytest.mark.parametrize(
    ("chosen", "heading"), [("no_answer", "Nobody answered"), ("wrong_number", "Somebody else answered")]
)
def test_the_outcomes_that_were_chosen_among_stand_open_again(page, attempt, chosen, heading):
    answer = text(page("outcome", attempt.pk, post={"disposition": chosen, "stage": "the moon"}))

    [stands_open] = re.findall(r"<details[^>]*who-answered[^>]* open>\s*<summary>([^<]+)", answer)
    assert stands_open == heading


# --- Bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose what happened"),
        ({"disposition": "flown"}, "Select a valid choice"),
        ({"disposition": "callback_firm"}, "no day and time were given"),
        ({"disposition": "callback_firm", "call_back_on": "2026-04-03"}, "no day and time were given"),
        (
            {"disposition": "callback_firm", "call_back_on": "2026-12-24", "call_back_at": "10:00"},
            "outside the days in which this interview can be made: 2 April 2026 to 30 April 2026",
        ),
        (
            {"disposition": "callback_firm", "call_back_on": "2026-04-03", "call_back_at": "23:30"},
            "It is not a safe time to call",
        ),
        ({"disposition": "callback_firm", "call_back_on": "someday", "call_back_at": "10:00"}, "Enter a valid date"),
        ({"disposition": "completed"}, "only when the person said yes"),
        ({"disposition": "completed", "interview": "no"}, "only when the person said yes"),
        ({"disposition": "not_now", "stage": "the moon"}, "Select a valid choice"),
    ],
)  # fmt: skip
def test_a_bad_outcome_is_refused_with_a_sentence_and_keeps_what_was_typed(page, attempt, typed, sentence):
    typed = {"country": "LY", "bars_caller": "on", **typed}

    answer = page("outcome", attempt.pk, post=typed)

    assert answer.status_code == 400
    assert sentence in text(answer).replace("&#x27;", "'")
    assert re.search(r'<option value="LY"[^>]* selected', text(answer))
    if typed.get("disposition") in ("callback_firm", "completed", "not_now"):
        assert re.search(rf'value="{typed["disposition"]}"[^>]* checked', text(answer))
    attempt.refresh_from_db()
    assert attempt.recorded_at is None
    assert Claim.objects.live(MORNING).exists()


def test_a_good_call_back_is_kept_on_the_persons_own_clock(page, attempt):
    typed = {"disposition": "callback_firm", "call_back_on": "2026-04-03", "call_back_at": "10:00"}

    page("outcome", attempt.pk, post=typed)

    assert Appointment.objects.get().starts_at.isoformat() == "2026-04-03T09:00:00+00:00"


def test_call_me_in_half_an_hour_takes_one_choice(page, attempt):
    page("outcome", attempt.pk, post={"disposition": "callback_firm", "call_back_in": "30"})

    assert Appointment.objects.get().starts_at == MORNING + timedelta(minutes=30)


def test_an_outcome_after_the_lease_is_asked_for_taken_and_said_to_be_late(page, attempt, at):
    at(MORNING + timedelta(hours=5))
    tick(MORNING + timedelta(hours=5))
    assert "A call has no outcome yet" in text(page("today"))

    done = page("outcome", attempt.pk, post={"disposition": "no_answer"})

    assert "kept as a late attempt" in text(done)
    assert Attempt.objects.get().is_late


def test_an_outcome_sent_twice_ends_on_the_same_page(page, attempt):
    for _press in range(2):
        done = page("outcome", attempt.pk, post={"disposition": "no_answer"})

    assert done.status_code == 200
    assert "Recorded" in text(done)
    assert AuditEvent.objects.filter(action=Action.OUTCOME_RECORDED).count() == 1


def test_an_expired_claim_cannot_be_dialled_and_says_what_to_do(page, claimed, at):
    at(MORNING + timedelta(minutes=31))

    answer = page("dial", claimed.pk, post={})

    assert answer.status_code == 409
    assert "Take the next call" in text(answer)
    assert page("card", claimed.pk).redirect_chain[-1][0] == reverse("followups:today")


@pytest.mark.parametrize("name", ["card", "dial", "hand_back"])
def test_a_colleagues_claim_is_not_found(page, world, claimed, name):
    colleague = world.caller()

    assert page(name, claimed.pk, by=colleague, post=None if name == "card" else {}).status_code == 404


def test_a_colleagues_call_is_not_found(page, world, attempt):
    colleague = world.caller()

    assert page("outcome", attempt.pk, by=colleague).status_code == 404
    assert page("outcome", attempt.pk, by=colleague, post={"disposition": "no_answer"}).status_code == 404


@pytest.mark.parametrize("name", ["next", "dial", "hand_back", "unsafe"])
def test_an_address_that_only_takes_posts_leads_back_and_does_nothing_when_it_is_opened(page, claimed, name):
    args = () if name == "next" else (claimed.pk,)

    answer = page(name, *args)

    assert answer.status_code == 200
    assert not Dial.objects.exists()
    assert not Hold.objects.exists()
    assert Claim.objects.live(MORNING).count() == 1


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.FOCAL_POINT, Role.DPO])
def test_those_who_do_not_call_get_no_call_pages(page, world, claimed, role):
    other = make_user(role, team=world.team)

    assert page("today", by=other).status_code == 403
    assert page("dial", claimed.pk, by=other, post={}).status_code == 403


def test_with_the_vault_locked_the_call_says_so_and_the_claim_stays(page, claimed):
    from vault.providers import file

    file.lock()
    try:
        answer = page("dial", claimed.pk, post={})
    finally:
        file.unlock()

    assert answer.status_code == 503
    assert Claim.objects.live(MORNING).exists()


# --- Late -----------------------------------------------------------------------------------------------------------


def test_an_interview_made_outside_the_queue_is_recorded_from_its_page(page, world, person, at):
    row = owed_to(person)
    at(MORNING + timedelta(days=1))

    page("late", row.pk, post={"held_on": "2026-04-02", "said_yes": "on"})

    row.refresh_from_db()
    assert row.state == "done"


def test_an_interview_made_this_morning_is_recorded_before_noon(page, person, at):
    row = owed_to(person)
    at(MORNING)

    page("late", row.pk, post={"held_on": "2026-04-02", "said_yes": "on"})

    row.refresh_from_db()
    assert (row.state, row.closed_at) == ("done", MORNING)


def test_a_late_interview_of_somebody_whose_clock_nobody_knows_is_recorded(page, world, at):
    # A satellite number says nothing of where its holder is.
    person = world.person(numbers=("+8821612345678",), country="")
    tick(OPENS + timedelta(days=1))
    at(MORNING + timedelta(days=1))

    page("late", owed_to(person).pk, post={"held_on": "2026-04-02", "said_yes": "on"})

    assert person.zones == []
    assert FollowUp.objects.get(state="done").respondent_id == person.pk


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_year_mistyped_for_a_late_interview_or_a_call_back_is_told(page, person, attempt, year):
    late = page("late", owed_to(person).pk, post={"held_on": f"{year}-12-31", "said_yes": "on"})
    call_back = page(
        "outcome",
        attempt.pk,
        post={"disposition": "callback_firm", "call_back_on": f"{year}-01-01", "call_back_at": "00:00"},
    )

    assert (late.status_code, call_back.status_code) == (400, 400)


@pytest.mark.parametrize("outcome", ["no_answer", "callback_firm"])
def test_the_outcome_of_a_call_to_somebody_erased_meanwhile_can_still_be_recorded(
    page, person, attempt, outcome
):
    withdraw(respondent=person, grade=Grade.ERASE_ALL, mode=Mode.PHONE, by=make_user(Role.DPO), now=MORNING)

    asked = page("outcome", attempt.pk)
    page(
        "outcome",
        attempt.pk,
        post={"disposition": outcome, "call_back_on": "2026-04-04", "call_back_at": "10:00"},
    )

    assert asked.status_code == 200
    assert Attempt.objects.get().disposition == outcome


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"held_on": "2026-04-02"}, "without their yes does not count"),
        ({"held_on": "2026-05-02", "said_yes": "on"}, "This day has not come yet"),
        ({"held_on": "2026-01-02", "said_yes": "on"}, "before the follow-up opened"),
        ({"held_on": "", "said_yes": "on"}, "Give the day."),
    ],
)
def test_a_late_interview_that_cannot_be_is_refused_and_keeps_what_was_typed(page, person, typed, sentence):
    answer = page("late", owed_to(person).pk, post=typed)

    assert answer.status_code == 400
    assert sentence in text(answer)
    assert typed["held_on"] in text(answer)


def test_the_number_waits_for_no_page_but_the_call(page, world, claimed, attempt):
    ring(dial(claimed, MORNING).dial, MORNING)
    for name, args in (("today", ()), ("card", (claimed.pk,)), ("outcome", (attempt.pk,))):
        assert "447700" not in text(page(name, *args))
    assert claim(world.enumerator, MORNING) == claimed


def test_with_the_vault_locked_today_offers_no_next_call_and_says_why(page, person, vault_locked):
    form = f'action="{reverse("followups:next")}"'
    assert form in page("today").content.decode()
    vault_locked()

    shown = page("today").content.decode()

    assert form not in shown
    assert "For calls, ask the administrator to unlock it." in shown
