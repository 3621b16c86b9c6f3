"""A calling day for tests: people who can be called now, and short words for the steps of a call."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from accounts.permissions import Role
from followups import planning
from followups.calling import claiming, delivering, dialling, recording, revealing
from followups.calling.heard import Heard
from followups.dispositions import disposition
from followups.models import Attempt, Claim, Dial, FollowUp
from followups.models.follow_ups import LIVE, State
from followups.ticking.tick import tick
from kernel.errors import DomainError
from tests.factories import make_respondent, make_study, make_team, make_user
from tracker.models import Respondent

ENROLLED = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
"""A Tuesday. Arrived people are due 30 days later, and may be called from 7 days before."""
OPENS = datetime(2026, 4, 1, 23, 0, tzinfo=UTC)
"""Midnight of 2 April in Tunis, where it is one hour later all year."""
MORNING = datetime(2026, 4, 2, 8, 0, tzinfo=UTC)
"""Nine o'clock of a Thursday in Tunis, in the first window."""


class World:
    """One team in Tunis, one study, one enumerator; everything is made through the use cases."""

    def __init__(self, *, languages=("en",), **study) -> None:
        self.team = make_team(country="TN", now=ENROLLED)
        self.coordinator = make_user(Role.COORDINATOR, team=self.team, now=ENROLLED)
        self.enumerator = self.caller(languages=languages)
        self.study = make_study(team=self.team, by=self.coordinator, now=ENROLLED, **study)

    def caller(self, **details) -> User:
        return make_user(team=self.team, now=ENROLLED, **details)

    def person(self, *, now=ENROLLED, by=None, study=None, **said) -> Respondent:
        return make_respondent(
            study=study or self.study, team=self.team, by=by or self.enumerator, now=now, **said
        )

    def person_ready_at(self, at=MORNING, **said) -> Respondent:
        """Somebody who can be called at `at`, whatever slot the rotation would choose."""
        person = self.person(**said)
        tick(OPENS)
        make_ready(person, at)
        return person


def make_ready(person: Respondent, at: datetime) -> None:
    """Put what is owed into the queue at `at`, as the tick does once its slot has come."""
    rows = FollowUp.objects.of(person).filter(state__in=LIVE)
    rows.update(
        state=State.READY,
        ready_from=at,
        ready_until=at + timedelta(days=2),
        look_at=at + timedelta(days=2),
        has_begun=True,
    )


def claim(user: User, now: datetime) -> Claim | None:
    return claiming.next_call(by=user, now=now)


def dial(claimed: Claim, now: datetime, after: Dial | None = None, gave: str = "") -> dialling.Ordered:
    return dialling.order(
        claim_id=claimed.pk,
        by=claimed.enumerator,
        now=now,
        after=after.pk if after else None,
        gave=disposition(gave) if gave else None,
    )


def ring(dialled: Dial, now: datetime) -> Dial:
    """Make the dial by whichever gateway is set."""
    if dialling.reveals(dialled):
        revealing.reveal(dial=dialled, by=dialled.attempt.enumerator, now=now)
        return Dial.objects.get(pk=dialled.pk)
    return delivering.deliver(dial_id=dialled.pk, now=now)


def tell(attempt: Attempt, outcome: str | Heard, now: datetime) -> recording.Recorded:
    heard = Heard(outcome) if isinstance(outcome, str) else outcome
    return recording.record(attempt_id=attempt.pk, heard=heard, by=attempt.enumerator, now=now)


def call(user: User, outcome: str | Heard, now: datetime) -> recording.Recorded:
    """A whole sitting of five minutes: claim, dial, outcome."""
    ordered = dial(claim(user, now), now)
    ring(ordered.dial, now)
    return tell(ordered.dial.attempt, outcome, now + timedelta(minutes=5))


def owed_to(person: Respondent) -> FollowUp:
    return FollowUp.objects.of(person).unfinished().get()


def reasons(found) -> list[str]:
    return [one.reason.value for one in found]


def enrol_again(person: Respondent, study) -> None:
    """The same person in another study too."""
    from tracker.models import Enrolment

    enrolment = Enrolment.objects.create(respondent=person, study=study, at=ENROLLED)
    planning.plan_next(enrolment=enrolment, now=ENROLLED)


def next_moment(person: Respondent, now: datetime) -> datetime:
    """Let the tick look at `now`, and say when the person can be called next."""
    tick(now)
    row = owed_to(person)
    assert row.state == State.READY, row.waiting_for
    return max(row.ready_from, now)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What is inside is refused with this code and with a sentence."""
    with pytest.raises(DomainError) as refusal:
        yield
    assert refusal.value.code == code
    assert str(refusal.value.sentence)
