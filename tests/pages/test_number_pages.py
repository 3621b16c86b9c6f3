"""The pages about a number: when it is safe, that it is not dialled any more, and that nothing sealed is shown."""

from datetime import time

import pytest
from django.urls import reverse

from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from followups.models import FollowUp, Hold
from tests.factories import NOW, make_respondent, make_team, make_user
from tests.signing_in import signed_in
from tracker import reaching
from tracker.keeping import SafeContact
from tracker.models import ContactPoint
from tracker.number_status import NumberStatus
from vault.providers import file

pytestmark = pytest.mark.django_db

NUMBER = "+447700900561"
RULES = SafeContact(
    safe_days=(0, 1), safe_from=time(15), safe_until=time(18), safe_phrase="the blue door", cover_words="a parcel"
)  # fmt: skip
EVERY_DAY = ["0", "1", "2", "3", "4", "5", "6"]


@pytest.fixture
def respondent(study, team, enumerator):
    return make_respondent(study=study, team=team, by=enumerator, numbers=(NUMBER,), safe=RULES)


@pytest.fixture
def point(respondent):
    return ContactPoint.objects.get(respondent=respondent)


@pytest.fixture
def page(client):
    """Reads or sends a page about a number as somebody."""

    def page(name, by, point, post=None):
        signed_in(client, by)
        url = reverse(f"casework:{name}", args=[point.respondent_id, point.pk])
        return client.get(url) if post is None else client.post(url, post, follow=True)

    return page


def test_the_rules_of_a_number_are_filled_in_and_what_is_sealed_is_not(page, enumerator, point):
    text = page("safe_contact", enumerator, point).content.decode()

    assert 'value="15:00"' in text
    assert "There is one. It stays unless you type a new one" in text
    for hidden in ("the blue door", "a parcel", "900561"):
        assert hidden not in text


def test_the_rules_are_replaced_and_the_sealed_words_stay_where_nothing_new_is_typed(page, enumerator, point):
    page(
        "safe_contact", enumerator, point, {"safe_days": ["6"], "may_message": "on", "cover_words": "a lamp"}
    )

    after = ContactPoint.objects.get(pk=point.pk)
    assert (after.safe_days, after.safe_from, after.may_message) == ([6], None, True)
    assert after.safe_phrase == point.safe_phrase
    assert after.cover_words != point.cover_words


def test_a_changed_rule_has_the_queue_look_again_before_anybody_calls(page, enumerator, point):
    FollowUp.objects.update(state="ready", ready_from=NOW, ready_until=NOW.replace(hour=23))

    page("safe_contact", enumerator, point, {"safe_days": ["6"]})

    assert FollowUp.objects.get().state == "resting"
    assert AuditEvent.objects.filter(action=Action.CONTACT_POINT_CHANGED).count() == 1


def test_hours_that_are_no_pair_keep_the_rules_as_they_were(page, enumerator, point):
    answer = page("safe_contact", enumerator, point, {"safe_days": EVERY_DAY, "safe_from": "09:00"})

    point.refresh_from_db()
    assert answer.status_code == 400
    assert "Give both hours, or neither." in answer.content.decode()
    assert point.safe_from == time(15)


def test_a_number_safe_on_no_day_is_asked_about(page, enumerator, point):
    answer = page("safe_contact", enumerator, point, {"safe_phrase": "the green door"})

    assert "Choose at least one day." in answer.content.decode()


def test_with_the_vault_locked_new_words_are_refused_and_the_rules_stay_as_they_were(page, enumerator, point):
    file.lock()
    try:
        answer = page(
            "safe_contact", enumerator, point, {"safe_days": ["6"], "safe_phrase": "the green door"}
        )
    finally:
        file.unlock()

    assert answer.status_code == 503
    assert ContactPoint.objects.get(pk=point.pk).safe_days == [0, 1]


def test_with_the_vault_locked_a_number_is_set_aside_all_the_same(page, enumerator, point):
    file.lock()
    try:
        page("set_aside", enumerator, point, {"learned": "barred"})
    finally:
        file.unlock()

    assert ContactPoint.objects.get(pk=point.pk).is_barred is True


@pytest.mark.parametrize(
    ("learned", "told"),
    [
        ("wrong", "belongs to somebody else"),
        ("unsafe", "unsafe, never dialled"),
        ("barred", "never dialled, as somebody who answers it asked"),
    ],
)
def test_a_number_that_must_not_ring_is_so_for_everyone_who_shares_it(
    page, client, study, team, enumerator, point, learned, told
):
    other = make_respondent(study=study, team=team, by=enumerator, numbers=(NUMBER,))

    page("set_aside", enumerator, point, {"learned": learned})

    shown = client.get(reverse("casework:respondent", args=[other.pk])).content.decode()
    assert told in shown
    assert "Do not dial it any more" not in shown


def test_a_number_they_do_not_use_any_more_is_gone_from_their_page_alone(
    page, study, team, enumerator, respondent, point
):
    other = make_respondent(study=study, team=team, by=enumerator, numbers=(NUMBER,))

    answer = page("set_aside", enumerator, point, {"learned": "retired"})

    assert "No number is kept." in answer.content.decode()
    assert other.contact_points.in_use().count() == 1


def test_a_number_retired_already_is_not_found_a_second_time(page, enumerator, point):
    reaching.retire(contact_point=point, by=enumerator, now=NOW)

    assert page("set_aside", enumerator, point).status_code == 404


@pytest.mark.parametrize("name", ["safe_contact", "set_aside"])
def test_a_number_of_another_team_is_not_found(page, point, name):
    stranger = make_user(Role.COORDINATOR, team=make_team())

    assert page(name, stranger, point).status_code == 404


@pytest.mark.parametrize("name", ["safe_contact", "set_aside"])
@pytest.mark.parametrize("role", [Role.DPO, Role.FOCAL_POINT, Role.ADMINISTRATOR])
def test_numbers_are_changed_by_those_who_do_fieldwork_only(page, point, team, name, role):
    assert page(name, make_user(role, team=team), point, {"learned": "wrong"}).status_code == 403


def test_a_time_zone_is_chosen_by_typing_a_part_of_its_name(client, enumerator, respondent):
    signed_in(client, enumerator)

    text = client.get(reverse("casework:move", args=[respondent.pk])).content.decode()

    assert 'list="zones"' in text
    assert '<option value="Africa/Tripoli">' in text


def test_a_safe_phrase_is_taken_away_and_the_words_stay(page, enumerator, point):
    page("safe_contact", enumerator, point, {"safe_days": EVERY_DAY, "without": ["safe_phrase"]})

    after = ContactPoint.objects.get(pk=point.pk)
    assert after.safe_phrase is None
    assert after.cover_words == point.cover_words


def test_a_new_phrase_and_taking_it_away_at_once_is_asked_about(page, enumerator, point):
    typed = {"safe_days": EVERY_DAY, "without": ["safe_phrase"], "safe_phrase": "the green door"}

    answer = page("safe_contact", enumerator, point, typed)

    assert answer.status_code == 400
    assert "not both" in answer.content.decode()
    assert ContactPoint.objects.get(pk=point.pk).safe_phrase == point.safe_phrase


def test_where_nothing_is_sealed_there_is_nothing_to_take_away(page, study, team, enumerator):
    plain = make_respondent(study=study, team=team, by=enumerator, numbers=(NUMBER,))

    form = page("safe_contact", enumerator, plain.contact_points.get()).context["form"]

    assert "without" not in form.fields


@pytest.fixture
def coordinators(team):
    return make_user(Role.COORDINATOR, team=team), make_user(Role.COORDINATOR, team=team)


@pytest.fixture
def wrong(point, enumerator):
    """The number, marked as belonging to somebody else."""
    reaching.mark_status(contact_point=point, status=NumberStatus.WRONG_PERSON, by=enumerator, now=NOW)
    return point


def test_a_number_marked_wrong_by_a_slip_is_taken_back_and_nobody_calls_before_a_second_look(
    page, wrong, coordinators
):
    page("take_back", coordinators[0], wrong, {"why": "slip"})

    hold = Hold.objects.get(respondent=wrong.respondent)
    assert ContactPoint.objects.get(pk=wrong.pk).status == "unverified"
    assert (hold.kind, hold.until, hold.placed_by) == ("review", None, coordinators[0])


def test_the_second_look_is_somebody_elses(page, client, wrong, coordinators):
    page("take_back", coordinators[0], wrong, {"why": "slip"})
    hold = Hold.objects.get(respondent=wrong.respondent)
    lift = reverse("casework:lift", args=[wrong.respondent_id, hold.pk])

    own = client.post(lift, {"why": "mistake"}, follow=True).content.decode()
    signed_in(client, coordinators[1])
    client.post(lift, {"why": "mistake"})

    assert "somebody else lifts it" in own
    hold.refresh_from_db()
    assert hold.lifted_by == coordinators[1]


def test_taking_a_number_back_holds_everybody_who_shares_it(
    page, study, team, enumerator, wrong, coordinators
):
    other = make_respondent(study=study, team=team, by=enumerator, numbers=(NUMBER,))
    other.contact_points.update(status="wrong_person")

    page("take_back", coordinators[0], wrong, {"why": "in_use"})

    assert other.contact_points.get().status == "unverified"
    assert set(Hold.objects.values_list("respondent", flat=True)) == {other.pk, wrong.respondent_id}


@pytest.mark.parametrize("mark", [{"status": "unsafe"}, {"status": "wrong_person", "is_barred": True}])
def test_a_number_that_could_harm_somebody_is_never_taken_back(page, point, coordinators, mark):
    ContactPoint.objects.filter(pk=point.pk).update(**mark)

    answer = page("take_back", coordinators[0], point, {"why": "slip"})

    assert answer.status_code == 409
    assert "could be harmed if it rang" in answer.content.decode()
    assert ContactPoint.objects.get(pk=point.pk).status == mark["status"]


def test_an_enumerator_takes_no_number_back(page, wrong, enumerator):
    assert page("take_back", enumerator, wrong, {"why": "slip"}).status_code == 403
