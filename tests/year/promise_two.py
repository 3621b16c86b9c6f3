"""Nobody holds a number: each opening belongs to one dial of one live claim, and the trail never holds a number."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from tests.year.answer_key import AnswerKey
from tests.year.history import Dialled, History, Look, Moment
from tests.year.violation import Violation

ITS_MINUTE = timedelta(seconds=60)
"""docs/adr/0006: after a lost connection the same number may be shown again within a minute of the first look."""


def every_look_belongs_to_one_dial(history: History, key: AnswerKey) -> Iterator[Violation]:
    """Of the same person, under a claim that is live, by whoever holds it."""
    for look in history.shown:
        wrong = _what_is_wrong(history, look)
        if wrong:
            yield Violation("P2 look", f"a number was shown or rung {wrong}", look.moment[0], look.ref)


def _what_is_wrong(history: History, look: Look) -> str:
    dialled = history.dials.get(look.dial) if look.dial else None
    if dialled is None:
        return "for no dial that was ever ordered"
    lease = history.leases.get(dialled.claim) if dialled.claim else None
    if lease is None:
        return f"for a dial of no claim ({dialled.id})"
    checks = (
        (look.ref != dialled.ref or look.ref != lease.ref, "of another person than the claim is on"),
        (not lease.is_live_at(look.moment), "under a claim that was over"),
        (not look.actor == dialled.actor == lease.actor, "by somebody who does not hold the claim"),
        (look.moment < dialled.moment, "before the dial was ordered"),
    )
    return next((f"{told} (dial {dialled.id})" for is_wrong, told in checks if is_wrong), "")


def every_dial_is_looked_at_once(history: History, key: AnswerKey) -> Iterator[Violation]:
    """Again only within its minute; and never rung or shown before the trail had it."""
    for dialled in history.dials.values():
        if _is_looked_at_too_often(dialled):
            told = f"dial {dialled.id} was opened {len(dialled.looks)} times"
            yield Violation("P2 once", told, dialled.looks[-1].moment[0], dialled.ref)
        if dialled.was_placed and _was_before_the_trail(dialled):
            told = f"dial {dialled.id} was placed before its opening was in the trail"
            yield Violation("P2 trail first", told, dialled.moment[0], dialled.ref)


def _is_looked_at_too_often(dialled: Dialled) -> bool:
    """Only a number that somebody was shown, to dial it themselves, may be opened again."""
    if len(dialled.looks) < 2:
        return False
    was_shown = dialled.row is not None and dialled.row.revealed_at is not None
    return not was_shown or dialled.looks[-1].moment[0] >= dialled.looks[0].moment[0] + ITS_MINUTE


def _was_before_the_trail(dialled: Dialled) -> bool:
    row = dialled.row
    placed_at = (row.revealed_at or row.placed_at) if row else None
    return placed_at is not None and not any(look.moment[0] <= placed_at for look in dialled.looks)


def every_opening_of_a_number_is_a_dial(history: History, key: AnswerKey) -> Iterator[Violation]:
    """Each number opened to be dialled is followed by its own look, of the contact point that was dialled."""
    looks = Counter((*_who(look), _point(history, look)) for look in history.shown)
    for story in history.people.values():
        for look in story.looks:
            if look.opening != "dial":
                continue
            place = (*_who(look), look.point)
            looks[place] -= 1
            if looks[place] < 0:
                told = f"contact point {look.point} was opened to be dialled, and belongs to no dial"
                yield Violation("P2 opening", told, look.moment[0], look.ref)
    for (at, ref, _actor, point), left in looks.items():
        if left > 0:
            yield Violation("P2 opening", f"contact point {point} was shown without leave asked", at, ref)


def _who(look: Look) -> tuple[object, UUID | None, UUID | None]:
    return look.moment[0], look.ref, look.actor


def _point(history: History, look: Look) -> UUID | None:
    dialled = history.dials.get(look.dial) if look.dial else None
    return dialled.row.point if dialled and dialled.row else None


def leave_was_asked_first(history: History, key: AnswerKey) -> Iterator[Violation]:
    """The leave to open stands in the trail before the look it is for."""
    asked: dict[tuple[object, ...], Moment] = {}
    for story in history.people.values():
        for look in story.looks:
            if look.opening == "dial":
                place = (*_who(look), look.point)
                asked[place] = min(look.moment, asked.get(place, look.moment))
    for look in history.shown:
        leave = asked.get((*_who(look), _point(history, look)))
        if leave is not None and leave > look.moment:
            yield Violation(
                "P2 trail first", "a number was shown before leave was asked", look.moment[0], look.ref
            )


def no_number_stands_in_the_trail(history: History, key: AnswerKey) -> Iterator[Violation]:
    """Nothing that an event keeps is shaped like a phone number. What was found is not repeated here."""
    for at, action in history.plaintext:
        yield Violation("P2 plaintext", f"an event {action} holds digits shaped like a number", at)
