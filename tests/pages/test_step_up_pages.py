"""What takes a second factor, as pages: erasing, one more team, and a number without a call."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts import breaking_glass
from accounts.models import BreakGlass
from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from kernel import clock
from tests.accounts.factors_of import code_at, give_app
from tests.factories import make_respondent, make_study, make_team, make_user
from tests.signing_in import signed_in
from tracker.keeping import SafeContact
from tracker.models import Respondent
from tracker.models.respondents import Status

pytestmark = pytest.mark.django_db

NUMBER = "+447700900123"
REASON = "Their coordinator cannot be reached and somebody is in danger."


@pytest.fixture(autouse=True)
def no_tries_left_over():
    cache.clear()


@pytest.fixture
def respondent(study, team):
    return make_respondent(study=study, team=team, now=clock.now(), numbers=(NUMBER,))


@pytest.fixture
def theirs(db):
    return make_team("SFAX", country="TN")


@pytest.fixture
def second(theirs):
    return make_user(Role.COORDINATOR, team=theirs, username="second")


def said(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def send(client, name, *arguments, **fields):
    return client.post(reverse(name, args=arguments), fields)


# --- Erasing ----------------------------------------------------------------------------------------------------------


def withdraw(client, respondent, grade, **more):
    return send(client, "casework:withdraw", respondent.pk, grade=grade, mode="phone", **more)


def test_stopping_takes_one_step_and_no_second_factor(client, coordinator, respondent):
    signed_in(client, coordinator, factor_seconds_ago=3000)
    assert withdraw(client, respondent, "stop").status_code == 200
    respondent.refresh_from_db()
    assert respondent.status == Status.STOPPED


def test_an_enumerator_hears_a_wish_to_be_erased_without_a_second_factor(client, enumerator, respondent):
    signed_in(client, enumerator, factor_seconds_ago=3000)
    assert withdraw(client, respondent, "erase_all").status_code == 200
    respondent.refresh_from_db()
    assert respondent.status == Status.STOPPED


def test_contact_has_stopped_before_an_erasure_asks_for_the_code(client, coordinator, respondent):
    give_app(coordinator)
    signed_in(client, coordinator, factor_seconds_ago=3000)
    page = withdraw(client, respondent, "erase_all")
    assert page.status_code == 401
    assert "Contact has stopped already" in said(page)
    respondent.refresh_from_db()
    assert respondent.status == Status.STOPPED
    assert AuditEvent.objects.filter(action=Action.ERASE_REQUESTED).count() == 1


def test_the_code_then_erases_and_the_receipt_tells_of_both_steps(client, coordinator, respondent):
    give_app(coordinator)
    signed_in(client, coordinator, factor_seconds_ago=3000)
    withdraw(client, respondent, "erase_all")
    page = withdraw(client, respondent, "erase_all", step_up_answer=code_at())
    respondent.refresh_from_db()
    assert (page.status_code, respondent.status) == (200, Status.ERASED)
    assert "1 planned call was cancelled." in said(page)
    assert "1 number was erased." in said(page)


def test_a_grade_that_is_none_erases_nobody(client, coordinator, respondent):
    signed_in(client, coordinator)
    assert withdraw(client, respondent, "erase_everything_and_all").status_code == 400
    respondent.refresh_from_db()
    assert respondent.status == Status.ACTIVE


# --- One more team ----------------------------------------------------------------------------------------------------


def ask(client, theirs, **more):
    fields = {"team": theirs.pk, "reason": REASON, "minutes": 30} | more
    return send(client, "accounts:break_glass", **fields)


def lend(coordinator, second, theirs, now, minutes=30):
    asked = breaking_glass.ask(team=theirs, reason=REASON, minutes=minutes, by=coordinator, now=now)
    return breaking_glass.approve(asked=asked, by=second, now=now)


def test_from_asking_to_the_review_on_the_pages(client, coordinator, second, theirs):
    officer = make_user(Role.DPO, username="officer")
    person = make_respondent(study=make_study(team=theirs), team=theirs, now=clock.now())
    page = reverse("casework:respondent", args=[person.pk])
    signed_in(client, coordinator)
    assert client.get(page).status_code == 404
    assert ask(client, theirs).status_code == 302
    asked = BreakGlass.objects.get()
    assert send(client, "accounts:approve_break_glass", asked.pk).status_code == 403

    signed_in(client, second)
    assert REASON in said(client.get(reverse("accounts:break_glass")))
    assert send(client, "accounts:approve_break_glass", asked.pk).status_code == 302

    signed_in(client, coordinator)
    answer = client.get(page)
    assert answer.status_code == 200
    assert "For an emergency you see the people of Team SFAX" in said(answer)
    assert send(client, "accounts:end_break_glass", asked.pk).status_code == 302
    assert client.get(page).status_code == 404

    signed_in(client, officer)
    assert "to be reviewed" in said(client.get(reverse("reports:trail")))
    review = reverse("reports:break_glass_review", args=[asked.pk])
    assert "looked at the page of a respondent" in said(client.get(review))
    assert client.post(review, {"found": "One page, and for the reason given."}).status_code == 302
    asked.refresh_from_db()
    assert asked.reviewed_by == officer


@pytest.mark.parametrize("name", ["home", "casework:respondents", "reports:board", "accounts:break_glass"])
def test_the_banner_is_on_every_page_with_the_time_and_a_way_to_end_it(
    client, coordinator, second, theirs, name
):
    lent = lend(coordinator, second, theirs, clock.now())
    signed_in(client, coordinator)
    page = client.get(reverse(name), follow=True)
    assert "For an emergency you see the people of Team SFAX" in said(page)
    assert "minutes left" in said(page)
    assert reverse("accounts:end_break_glass", args=[lent.pk]) in page.content.decode()


def test_the_banner_is_gone_when_the_time_is_over(client, coordinator, second, theirs):
    lend(coordinator, second, theirs, clock.now() - timedelta(minutes=31))
    signed_in(client, coordinator)
    assert "For an emergency" not in said(client.get(reverse("casework:respondents")))


@pytest.mark.parametrize("ask_first", [True, False])
def test_asking_and_approving_take_a_second_factor(client, coordinator, second, theirs, ask_first):
    if ask_first:
        signed_in(client, coordinator, factor_seconds_ago=121)
        assert ask(client, theirs).status_code == 401
        assert not BreakGlass.objects.exists()
        return
    asked = breaking_glass.ask(team=theirs, reason=REASON, minutes=30, by=coordinator, now=clock.now())
    signed_in(client, second, factor_seconds_ago=121)
    assert send(client, "accounts:approve_break_glass", asked.pk).status_code == 401
    asked.refresh_from_db()
    assert asked.decided_at is None


def test_a_reason_too_short_is_told_beside_it_and_the_rest_stays(client, coordinator, theirs):
    signed_in(client, coordinator)
    page = ask(client, theirs, reason="no time")
    assert page.status_code == 400
    assert page.context["form"].errors["reason"]
    assert page.context["form"]["minutes"].value() == "30"


def test_somebody_of_a_third_team_does_not_learn_of_it(client, coordinator, theirs):
    asked = breaking_glass.ask(team=theirs, reason=REASON, minutes=30, by=coordinator, now=clock.now())
    signed_in(client, make_user(Role.COORDINATOR, team=make_team(country="TN")))
    assert REASON not in said(client.get(reverse("accounts:break_glass")))
    for name in ("approve", "refuse", "end"):
        assert send(client, f"accounts:{name}_break_glass", asked.pk).status_code == 404


def test_following_a_link_never_decides(client, coordinator, second, theirs):
    asked = breaking_glass.ask(team=theirs, reason=REASON, minutes=30, by=coordinator, now=clock.now())
    signed_in(client, second)
    for name in ("approve", "refuse", "end"):
        assert client.get(reverse(f"accounts:{name}_break_glass", args=[asked.pk])).status_code == 405
    asked.refresh_from_db()
    assert asked.decided_at is None


def test_what_is_still_in_force_is_not_listed_as_before(client, coordinator, second, theirs):
    lend(coordinator, second, theirs, clock.now())
    signed_in(client, coordinator)
    assert "Before" not in said(client.get(reverse("accounts:break_glass")))


def test_what_is_over_and_what_was_refused_is_listed_as_before(client, coordinator, second, theirs):
    lend(coordinator, second, theirs, clock.now() - timedelta(minutes=31))
    refused = breaking_glass.ask(team=theirs, reason=REASON, minutes=30, by=coordinator, now=clock.now())
    breaking_glass.refuse(asked=refused, by=second, now=clock.now())
    signed_in(client, coordinator)
    before = said(client.get(reverse("accounts:break_glass"))).partition("Before")[2]
    assert "approved by" in before
    assert "refused by" in before


def test_the_officer_who_was_the_second_person_cannot_open_the_review(client, coordinator, theirs):
    officer, other = make_user(Role.DPO, username="officer"), make_user(Role.DPO, username="other-officer")
    lent = lend(coordinator, officer, theirs, clock.now() - timedelta(minutes=31))
    review = reverse("reports:break_glass_review", args=[lent.pk])
    assert signed_in(client, officer).get(review).status_code == 404
    assert signed_in(client, other).get(review).status_code == 200


def test_a_page_of_a_coordinator_asks_one_question_more(
    client, coordinator, second, theirs, django_assert_max_num_queries
):
    signed_in(client, coordinator)
    address = reverse("accounts:break_glass")
    client.get(address)
    with django_assert_max_num_queries(25):
        client.get(address)


# --- A number without a call ------------------------------------------------------------------------------------------


def show(client, respondent, **fields):
    point = respondent.contact_points.get()
    return send(client, "casework:show_number", respondent.pk, point.pk, **fields)


def test_the_number_is_in_one_answer_and_the_reason_in_the_trail(client, coordinator, respondent):
    signed_in(client, coordinator)
    page = show(client, respondent, reason=REASON)
    assert NUMBER in page.content.decode()
    assert page["Refresh"].startswith("60;")
    assert 'data-countdown="60"' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert AuditEvent.objects.get(action=Action.NUMBER_SHOWN).reason == REASON


def test_the_words_that_make_a_call_safe_stand_beside_the_number_and_each_look_is_in_the_trail(
    client, coordinator, study, team
):
    safe = SafeContact(safe_phrase="the blue door", cover_words="about the bicycle")
    careful = make_respondent(study=study, team=team, now=clock.now(), numbers=("+447700900124",), safe=safe)
    signed_in(client, coordinator)
    page = show(client, careful, reason=REASON)
    assert "the blue door" in page.content.decode()
    assert "about the bicycle" in page.content.decode()
    looks = AuditEvent.objects.filter(action=Action.IDENTITY_OPENED, audit_ref=careful.audit_ref)
    assert {look.detail["opening"] for look in looks} == {"without_call", "safe_phrase", "cover_words"}


def test_opening_the_page_shows_no_number_and_leaves_no_trace_of_one(client, coordinator, respondent):
    signed_in(client, coordinator)
    point = respondent.contact_points.get()
    address = reverse("casework:show_number", args=[respondent.pk, point.pk])
    for query in ("", f"?reason={REASON}", "?step_up_answer=123456"):
        page = client.get(address + query)
        assert page.status_code == 200
        assert NUMBER not in page.content.decode()
    assert not AuditEvent.objects.filter(action=Action.NUMBER_SHOWN).exists()


def test_without_a_fresh_factor_the_number_stays_where_it_is(client, coordinator, respondent):
    give_app(coordinator)
    signed_in(client, coordinator, factor_seconds_ago=121)
    page = show(client, respondent, reason=REASON)
    assert page.status_code == 401
    assert NUMBER not in page.content.decode()
    assert not AuditEvent.objects.filter(action=Action.NUMBER_SHOWN).exists()
    after = show(client, respondent, reason=REASON, step_up_answer=code_at())
    assert NUMBER in after.content.decode()


def test_the_reason_that_travelled_is_asked_again(client, coordinator, respondent):
    give_app(coordinator)
    signed_in(client, coordinator, factor_seconds_ago=121)
    page = show(client, respondent, reason="forged", step_up_answer=code_at())
    assert page.status_code == 400
    assert NUMBER not in page.content.decode()


def test_every_showing_counts_even_of_the_same_page_sent_again(client, coordinator, respondent):
    signed_in(client, coordinator)
    answers = [show(client, respondent, reason=REASON) for _n in range(6)]
    assert [page.status_code for page in answers] == [200, 200, 200, 200, 200, 429]
    assert NUMBER not in answers[-1].content.decode()


@pytest.mark.parametrize("role", [Role.ENUMERATOR, Role.DPO, Role.FOCAL_POINT, Role.ADMINISTRATOR])
def test_the_page_is_for_coordinators(client, respondent, team, role):
    signed_in(client, make_user(role, team=team))
    assert show(client, respondent, reason=REASON).status_code == 403


def test_a_coordinator_of_another_team_does_not_learn_that_there_is_anybody(client, respondent, second):
    signed_in(client, second)
    assert show(client, respondent, reason=REASON).status_code == 404


def test_a_number_of_somebody_else_is_not_shown_under_this_person_s_address(
    client, coordinator, respondent, study, team
):
    other = make_respondent(study=study, team=team, now=clock.now())
    signed_in(client, coordinator)
    point = other.contact_points.get()
    assert send(client, "casework:show_number", respondent.pk, point.pk, reason=REASON).status_code == 404


def test_the_way_to_it_is_offered_to_coordinators_of_people_who_take_part(
    client, coordinator, enumerator, respondent
):
    address = reverse("casework:show_number", args=[respondent.pk, respondent.contact_points.get().pk])
    page = reverse("casework:respondent", args=[respondent.pk])
    assert address in signed_in(client, coordinator).get(page).content.decode()
    assert address not in signed_in(client, enumerator).get(page).content.decode()
    Respondent.objects.filter(pk=respondent.pk).update(status=Status.STOPPED)
    assert address not in signed_in(client, coordinator).get(page).content.decode()
