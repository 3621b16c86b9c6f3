"""Numbers: added, marked, barred and retired, for one person and for everyone who shares them."""

import pytest

from audit.models import AuditEvent
from consent.models import Mode
from consent.purposes import Purpose
from followups.stopping import stop_contact
from kernel.errors import DomainError
from tests.factories import NOW, make_respondent, make_study, make_team, make_user
from tracker import numbers, reaching
from tracker.keeping import NewNumber, SafeContact
from tracker.models import ContactPoint
from tracker.models.contact_points import Whose
from tracker.number_status import NumberStatus
from vault.providers import file

pytestmark = pytest.mark.django_db

SHARED = "+447700900611"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def study(team):
    return make_study(team=team)


@pytest.fixture
def enumerator(team):
    return make_user(team=team)


@pytest.fixture
def two_on_one_number(study, team, enumerator):
    return [make_respondent(study=study, team=team, by=enumerator, numbers=(SHARED,)) for _each in range(2)]


def point_of(respondent):
    return ContactPoint.objects.get(respondent=respondent)


def test_a_further_number_is_kept_with_its_rules(study, team, enumerator):
    respondent = make_respondent(study=study, team=team, by=enumerator)
    new = NewNumber(numbers.parse("+447700900612"), Whose.SHARED, SafeContact(safe_days=(6,)), position=1)

    (point,) = reaching.add_numbers(respondent=respondent, numbers=[new], by=enumerator, now=NOW)

    assert list(respondent.contact_points.in_use())[1] == point
    assert (point.whose, point.safe_days, point.may_talk_to_others) == ("shared", [6], False)


def test_the_same_number_given_twice_by_one_person_is_taken_like_any_other(study, team, enumerator):
    respondent = make_respondent(study=study, team=team, by=enumerator, numbers=(SHARED,))

    reaching.add_numbers(
        respondent=respondent, numbers=[NewNumber(numbers.parse(SHARED))], by=enumerator, now=NOW
    )

    assert respondent.contact_points.in_use().count() == 2


def test_no_number_is_kept_of_somebody_who_did_not_agree(study, team, enumerator):
    respondent = make_respondent(study=study, team=team, by=enumerator, granted=(Purpose.INTERVIEW,))

    with pytest.raises(DomainError) as refusal:
        reaching.add_numbers(
            respondent=respondent, numbers=[NewNumber(numbers.parse(SHARED))], by=enumerator, now=NOW
        )

    assert refusal.value.code == "number_without_consent"
    assert ContactPoint.objects.count() == 0


def test_no_number_is_kept_of_somebody_who_withdrew(study, team, enumerator):
    respondent = make_respondent(study=study, team=team, by=enumerator)
    stop_contact(respondent=respondent, mode=Mode.PHONE, by=enumerator, now=NOW)

    with pytest.raises(DomainError):
        reaching.add_numbers(
            respondent=respondent, numbers=[NewNumber(numbers.parse(SHARED))], by=enumerator, now=NOW
        )

    assert ContactPoint.objects.filter(respondent=respondent).count() == 1


@pytest.mark.parametrize("status", [NumberStatus.WRONG_PERSON, NumberStatus.UNSAFE])
def test_a_wrong_or_unsafe_number_is_so_at_once_for_everyone_who_shares_it(
    two_on_one_number, enumerator, status
):
    one, other = two_on_one_number

    reaching.mark_status(contact_point=point_of(one), status=status, by=enumerator, now=NOW)

    assert point_of(other).status == status


def test_a_number_that_is_switched_off_is_noted_for_one_person_only(two_on_one_number, enumerator):
    one, other = two_on_one_number

    reaching.mark_status(
        contact_point=point_of(one), status=NumberStatus.TEMPORARILY_OFF, by=enumerator, now=NOW
    )

    assert (point_of(one).status, point_of(other).status) == ("temporarily_off", "unverified")


@pytest.mark.parametrize("status", [NumberStatus.WRONG_PERSON, NumberStatus.UNSAFE])
@pytest.mark.parametrize(
    "later", [NumberStatus.ACTIVE, NumberStatus.TEMPORARILY_OFF, NumberStatus.DISCONNECTED]
)
def test_what_is_learned_later_never_makes_a_harmful_number_dialable_again(
    two_on_one_number, enumerator, status, later
):
    one, other = two_on_one_number
    reaching.mark_status(contact_point=point_of(one), status=status, by=enumerator, now=NOW)

    reaching.mark_status(contact_point=point_of(other), status=later, by=enumerator, now=NOW)

    assert (point_of(one).status, point_of(other).status) == (status, status)


def test_a_number_barred_by_one_is_barred_for_the_other(two_on_one_number, enumerator):
    one, other = two_on_one_number

    reaching.bar_number(contact_point=point_of(one), by=enumerator, now=NOW)

    assert point_of(other).is_barred


def test_with_the_vault_locked_the_number_itself_is_barred(two_on_one_number, enumerator):
    one, other = two_on_one_number
    file.lock()
    try:
        reaching.bar_number(contact_point=point_of(one), by=enumerator, now=NOW)
    finally:
        file.unlock()

    assert (point_of(one).is_barred, point_of(other).is_barred) == (True, False)


def test_a_new_number_shows_nothing_of_what_is_known_of_it_elsewhere(
    two_on_one_number, study, team, enumerator
):
    reaching.bar_number(contact_point=point_of(two_on_one_number[0]), by=enumerator, now=NOW)

    third = make_respondent(study=study, team=team, by=enumerator, numbers=(SHARED,))

    assert (point_of(third).status, point_of(third).is_barred) == ("unverified", False)


def test_a_retired_number_is_kept_apart_and_no_longer_in_use(study, team, enumerator):
    point = point_of(make_respondent(study=study, team=team, by=enumerator))

    reaching.retire(contact_point=point, by=enumerator, now=NOW)

    assert (point.status, point.retired_at) == ("changed", NOW)
    assert not ContactPoint.objects.in_use().exists()
    with pytest.raises(DomainError, match="no longer in use"):
        reaching.retire(contact_point=point, by=enumerator, now=NOW)


def test_rules_of_safe_contact_are_replaced_and_words_not_said_again_stay(study, team, enumerator):
    safe = SafeContact(safe_phrase="green tea", may_message=True)
    point = point_of(make_respondent(study=study, team=team, by=enumerator, safe=safe))

    reaching.change_safe_contact(
        contact_point=point,
        safe=SafeContact(safe_days=(4,), cover_words="the bicycle"),
        by=enumerator,
        now=NOW,
    )

    point = ContactPoint.objects.get(pk=point.pk)
    assert (point.safe_days, point.may_message) == ([4], False)
    assert point.safe_phrase is not None
    assert point.cover_words is not None


def test_the_trail_never_holds_a_number_or_how_many_share_it(two_on_one_number, enumerator):
    reaching.mark_status(
        contact_point=point_of(two_on_one_number[0]), status=NumberStatus.UNSAFE, by=enumerator, now=NOW
    )

    event = AuditEvent.objects.first()
    assert event.detail == {"status": "unsafe"}
    assert "900611" not in str(AuditEvent.objects.values())
