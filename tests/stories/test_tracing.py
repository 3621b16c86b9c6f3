"""A number dies: their other number is tried, then somebody they trust, who gives a new one; and they are found."""

from datetime import timedelta

import pytest

from audit.actions import Action
from audit.models import AuditEvent
from casework import adding
from casework.joining import NumberGiven
from consent.purposes import Purpose
from followups.calling.heard import Heard
from followups.models import Attempt, FollowUp
from followups.models.follow_ups import State
from followups.ticking.tick import tick
from tests.factories import ALL_ASKED, synthetic_number
from tests.followups.making import MORNING, call, claim, dial, make_ready, owed_to, ring, tell
from tracker import numbers, reaching
from tracker.keeping import NewNumber, SafeContact
from tracker.models.contact_points import Whose

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AGREED = (*ALL_ASKED, Purpose.TRUSTED_CONTACTS)


def trust(person, by, now, words="I am looking for Amal. Do you know how to reach Amal?"):
    new = NewNumber(numbers.parse(synthetic_number(), "GB"), Whose.TRUSTED, SafeContact(cover_words=words), 9)
    [point] = reaching.add_numbers(respondent=person, numbers=[new], by=by, now=now)
    return point


def test_a_dead_number_leads_over_the_other_one_and_a_trusted_person_to_the_person_again(world):
    person = world.person_ready_at(MORNING, numbers=(synthetic_number(), synthetic_number()), granted=AGREED)
    trusted = trust(person, world.enumerator, MORNING)

    # Both numbers of their own turn out to be gone, in one sitting.
    first = ring(dial(claim(world.enumerator, MORNING), MORNING).dial, MORNING)
    second = ring(
        dial(first.attempt.claim, MORNING + MINUTE, after=first, gave="disconnected").dial, MORNING + MINUTE
    )
    tell(second.attempt, "not_working", MORNING + 2 * MINUTE)

    # The tick finds that nothing of theirs is left and begins the search; a minute later it knows where to go on.
    tick(MORNING + 3 * MINUTE)
    assert owed_to(person).tracing_why == "number_dead"
    tick(MORNING + 4 * MINUTE)
    assert owed_to(person).state == State.READY

    # Somebody they trust gives a new number.
    at = MORNING + 5 * MINUTE
    make_ready(person, at)
    asked = ring(dial(claim(world.enumerator, at), at).dial, at)
    assert (asked.contact_point_id, asked.attempt.to_trusted) == (trusted.pk, True)
    tell(asked.attempt, "trusted_number", at + MINUTE)
    new = adding.add_number(
        respondent=person, given=NumberGiven(synthetic_number()), by=world.enumerator, now=at + 2 * MINUTE
    )
    assert new.status == "unverified"

    # Three hours later the new number is called, and they answer.
    later = at + 4 * HOUR
    tick(later)
    make_ready(person, later)
    recorded = call(world.enumerator, Heard("completed", interview=True), later)

    new.refresh_from_db()
    assert new.status == "active"
    assert recorded.attempt.to_trusted is False
    assert FollowUp.objects.of(person).get(state=State.DONE).tracing_since is None
    assert [one.disposition for one in Attempt.objects.of(person).order_by("number")] == [
        "not_working",
        "trusted_number",
        "completed",
    ]
    told = AuditEvent.objects.filter(action__in=[Action.TRACING_STARTED, Action.TRACING_ENDED]).order_by("pk")
    assert [(one.action, one.reason) for one in told] == [
        (Action.TRACING_STARTED, "number_dead"),
        (Action.TRACING_ENDED, "reached"),
    ]
