"""Moving along a journey: the history grows, and what is owed follows the stage now stated."""

from datetime import timedelta

import pytest

from casework.moving import move_stage
from followups.models import FollowUp, Hold
from kernel.errors import DomainError
from tests.factories import NOW, make_respondent
from tracker.models import Transition
from tracker.stages import Stage
from vault.providers import file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wordings")]

LATER = NOW + timedelta(days=10)


@pytest.fixture
def respondent(study, team, enumerator):
    return make_respondent(study=study, team=team, by=enumerator, stage=Stage.SETTLED)


def move(respondent, by, **said):
    said = {"stage": Stage.IN_TRANSIT, "country": "", "zone": "", "at": LATER, **said}
    return move_stage(respondent=respondent, by=by, now=LATER, **said)


def test_a_move_is_added_to_the_history_and_the_next_call_follows_the_new_stage(respondent, enumerator):
    due_before = FollowUp.objects.get(respondent=respondent).due_at

    move(respondent, enumerator, country="LY")

    respondent.refresh_from_db()
    assert (respondent.stage, respondent.country, respondent.zones) == (
        "in_transit",
        "LY",
        ["Africa/Tripoli"],
    )
    assert Transition.objects.filter(respondent=respondent).count() == 2
    assert FollowUp.objects.unfinished().get(respondent=respondent).due_at < due_before


def test_what_is_not_said_of_a_move_stays_as_it_was_known(respondent, enumerator):
    move(respondent, enumerator)

    respondent.refresh_from_db()
    assert (respondent.country, respondent.likeliest_zone) == ("TN", "Africa/Tunis")


def test_somebody_detained_is_owed_no_call_and_held_for_review(respondent, enumerator):
    move(respondent, enumerator, stage=Stage.DETAINED)

    assert not FollowUp.objects.unfinished().filter(respondent=respondent).exists()
    assert Hold.objects.standing(LATER).filter(respondent=respondent).exists()


def test_a_move_is_recorded_while_the_vault_is_locked(respondent, enumerator):
    file.lock()
    try:
        move(respondent, enumerator)
    finally:
        file.unlock()

    respondent.refresh_from_db()
    assert respondent.stage == "in_transit"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"at": LATER + timedelta(days=1)}, "move_in_future"),
        ({"at": NOW - timedelta(days=1)}, "move_before_last"),
        ({"country": "ZZ"}, "unknown_country"),
        ({"zone": "Africa/Atlantis"}, "unknown_zone"),
    ],
)
def test_a_move_that_cannot_be_gets_a_sentence_and_changes_nothing(respondent, enumerator, said, code):
    with pytest.raises(DomainError) as refusal:
        move(respondent, enumerator, **said)

    respondent.refresh_from_db()
    assert refusal.value.code == code
    assert (respondent.stage, Transition.objects.count()) == ("settled", 1)


def test_of_two_moves_recorded_at_once_the_second_is_told(respondent, enumerator):
    from tracker.models import Respondent

    seen_before = Respondent.objects.get(pk=respondent.pk)
    move(respondent, enumerator)

    with pytest.raises(DomainError) as refusal:
        move(seen_before, enumerator, stage=Stage.STRANDED, at=LATER - timedelta(days=1))

    assert refusal.value.code == "move_before_last"
