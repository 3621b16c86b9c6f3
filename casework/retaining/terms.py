"""How long each class of data is kept: arithmetic on dates, and the sentence for each class."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from kernel.holdings import Retention

WARNING_DAYS = 30
"""A coordinator is told this long before a panel's contact data goes; so it never goes sooner after a change of its
study, whatever was typed: what is gone cannot be brought back."""
IN_NO_STUDY_DAYS = 180
WISH_DAYS = 30
"""A wish to be erased waits this long for a person; then its numbers, words and key go by themselves."""
STAFF_DAYS = 365
STUDY_YEARS = 5
TRAIL_YEARS = 5
TRIES_DAYS = 90
RESULT_DAYS = 14
SESSION_DAYS = 30
PROCESS_HOURS = 24
OVERDUE_DAYS = 2
"""What was due so long ago and is still there has been missed: the job runs all day long."""

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Term:
    """What a class means: days after what, and what is done then. `days` None: no day is set in advance."""

    days: int | None
    after: str
    then: str


TERMS: dict[Retention, Term] = {
    Retention.ERASURE: Term(
        180,
        "the last round or the closing of every study the person is in; "
        f"{IN_NO_STUDY_DAYS} days after the last change of somebody who is in no study; at once when they are erased; "
        f"{WISH_DAYS} days after a wish to be erased that nobody carried out; no panel sooner than {WARNING_DAYS} days "
        "after the last change of its study, and nobody sooner than that after they were enrolled",
        "key destroyed, numbers and sealed words deleted, links cut",
    ),
    Retention.PANEL: Term(
        180,
        "the last round or the closing of every study the person is in (each study sets 30 to 730 days)",
        "profile, stages and places emptied; the code stays",
    ),
    Retention.STUDY: Term(
        STUDY_YEARS * 365,
        "the closing of the study",
        "survey link, opening words and rounds deleted, teams unlinked; the code stays. Refused numbers go when no "
        "study is on record any more. Partners and services are about organisations and stay until somebody edits them",
    ),
    Retention.STAFF: Term(
        STAFF_DAYS,
        "the closing of the account",
        "name, languages, teams, shifts, second factors, key and sessions deleted; a number takes the place of the "
        "username, the id stays for the trail. Teams are nobody's, and stay",
    ),
    Retention.TRAIL: Term(
        None,
        f"{TRAIL_YEARS} years, when its lines are reported as old",
        "nothing goes by itself: a line taken out would break the seals, and the database refuses it. What the lines "
        "tell of is pseudonymous by then, and the link of somebody erased is cut",
    ),
    Retention.TRANSIENT: Term(
        TRIES_DAYS,
        f"{TRIES_DAYS} days at most (sessions and cache entries: when they end; work done: {RESULT_DAYS} days; "
        f"lines of one's own sessions: {SESSION_DAYS} days; "
        f"signs of life: {PROCESS_HOURS} hours; tries to sign in: {TRIES_DAYS} days)",
        "deleted",
    ),
}


def panel_ended_at(closed_at: datetime | None, last_round_closes_on: date | None) -> datetime | None:
    """From when nobody is called for a study: its last round's end or its closing, the first; None while it goes on.

    A rolling study has no last round and ends by closing. A round added later moves the end, reopening takes it back.
    """
    ends = [closed_at] if closed_at else []
    if last_round_closes_on:
        ends.append(datetime.combine(last_round_closes_on, time(), tzinfo=UTC))
    return min(ends, default=None)


def contact_due_at(ended_at: datetime, kept_days: int, changed_at: datetime | None) -> datetime:
    """When the contact data of a panel goes: a month's warning after the last change of the study at the earliest."""
    due_at = ended_at + timedelta(days=kept_days)
    return max(due_at, changed_at + timedelta(days=WARNING_DAYS)) if changed_at else due_at


def is_soon(due_at: datetime, now: datetime) -> bool:
    """Whether somebody should be told that it goes."""
    return now < due_at <= now + timedelta(days=WARNING_DAYS)
