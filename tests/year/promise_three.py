"""Two people never call the same respondent: claims do not overlap, nor do sittings of one person by two callers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from uuid import UUID

from tests.year.answer_key import AnswerKey
from tests.year.history import History, Lease, Moment, Sitting
from tests.year.violation import Violation


def claims_on_a_person_do_not_overlap(history: History, key: AnswerKey) -> Iterator[Violation]:
    for ref, leases in _by_person(history).items():
        for one, other in _overlapping(leases):
            told = f"claims {one.claim} and {other.claim} on one person were live at once"
            yield Violation("P3 person", told, other.moment[0], ref)


def claims_of_an_enumerator_do_not_overlap(history: History, key: AnswerKey) -> Iterator[Violation]:
    by: dict[UUID | None, list[Lease]] = defaultdict(list)
    for lease in history.leases.values():
        by[lease.actor].append(lease)
    for actor, leases in by.items():
        for one, other in _overlapping(leases):
            told = f"claims {one.claim} and {other.claim} of one enumerator ({actor}) were live at once"
            yield Violation("P3 enumerator", told, other.moment[0], other.ref)


def nobody_is_dialled_by_two_at_once(history: History, key: AnswerKey) -> Iterator[Violation]:
    for story in history.people.values():
        for one, other in pairwise(story.sittings):
            if other.begins < _over(history, one) and one.dials[0].actor != other.dials[0].actor:
                told = f"sittings {one.attempt} and {other.attempt} went on at once, by two people"
                yield Violation("P3 dials", told, other.begins[0], story.ref)


def _by_person(history: History) -> dict[UUID | None, list[Lease]]:
    people: dict[UUID | None, list[Lease]] = defaultdict(list)
    for lease in history.leases.values():
        people[lease.ref].append(lease)
    return people


def _overlapping(leases: Iterable[Lease]) -> Iterator[tuple[Lease, Lease]]:
    longest: Lease | None = None
    for lease in sorted(leases, key=lambda one: one.moment):
        if longest is not None and lease.moment < longest.over:
            yield longest, lease
        if longest is None or lease.over > longest.over:
            longest = lease


def _over(history: History, sitting: Sitting) -> Moment:
    """A sitting is over with its outcome, or with the lease under which it was held."""
    lease = history.leases.get(sitting.claim) if sitting.claim else None
    ends = [outcome.moment for outcome in sitting.outcomes] + ([lease.over] if lease else [])
    return min(ends, default=sitting.dials[-1].moment)
