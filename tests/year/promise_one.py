"""No consent, no call: nothing is dialled, opened or shown without a standing yes, and nothing after an end."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.year.answer_key import AnswerKey
from tests.year.history import History, Look, Moment, Said, Story
from tests.year.violation import Violation

FOR_A_CALL = ("recontact", "keep_number")
NEEDED = {
    "dial": FOR_A_CALL,
    "shown": FOR_A_CALL,
    "ask_for": FOR_A_CALL,
    "safe_phrase": FOR_A_CALL,
    "cover_words": FOR_A_CALL,
    "orientation_contact": ("keep_number",),
}
"""What has to stand before something is opened for a purpose; a note to a partner stands on its own request."""


def stands(said: list[Said], purpose: str, moment: Moment, valid_days: int) -> bool:
    """Whether one yes counts at `moment`: it came after every no and was said after every no, and has not run out."""
    about = [one for one in said if one.purpose == purpose and one.moment <= moment]
    noes = [one for one in about if not one.is_yes]
    last_arrived = max((one.moment for one in noes), default=None)
    last_said = max((one.said_at for one in noes), default=None)
    return any(
        (last_arrived is None or one.moment > last_arrived)
        and (last_said is None or one.said_at > last_said)
        and moment[0] < one.said_at + timedelta(days=valid_days)
        for one in about
        if one.is_yes
    )


def nothing_without_a_standing_yes(history: History, key: AnswerKey) -> Iterator[Violation]:
    """Each dial as it was ordered and as it was placed, and each thing opened."""
    for story in history.people.values():
        for what, moment, purposes in _needs(history, story):
            lacking = [
                purpose
                for purpose in purposes
                if not stands(story.said, purpose, moment, key.study.consent_days)
            ]
            if lacking:
                told = f"{what} without a standing yes to {' and '.join(lacking)}"
                yield Violation("P1 consent", told, moment[0], story.ref)


def nothing_after_the_end(history: History, key: AnswerKey) -> Iterator[Violation]:
    """After a withdrawal, a stop by code or an erasure nothing more is claimed, dialled, opened or shown."""
    for story in history.people.values():
        if not story.ends:
            continue
        end, how = story.ends[0]
        doings = [(what, moment) for what, moment, _needed in _needs(history, story)]
        doings += [("claimed", lease.moment) for lease in story.leases]
        for what, moment in doings:
            if moment > end:
                told = f"{what} after contact had ended ({how}, {end[0]:%Y-%m-%d %H:%M:%S})"
                yield Violation("P1 ended", told, moment[0], story.ref)


def nothing_on_a_stopped_number(history: History, key: AnswerKey) -> Iterator[Violation]:
    """After somebody asked that a number be left alone it is rung for nobody."""
    for story in history.people.values():
        person = key.people.get(story.ref)
        for dialled in (one for sitting in story.sittings for one in sitting.dials if one.was_placed):
            line = person.lines.get(dialled.row.point) if person and dialled.row else None
            since: datetime | None = key.stops.get(line.number) if line else None
            if since is not None and dialled.moments[-1][0] > since:
                told = f"dial {dialled.id} on a number left alone since {since:%Y-%m-%d %H:%M:%S}"
                yield Violation("P1 stopped number", told, dialled.moments[-1][0], story.ref)


def _needs(history: History, story: Story) -> Iterator[tuple[str, Moment, tuple[str, ...]]]:
    for sitting in story.sittings:
        for dialled in sitting.dials:
            if dialled.was_placed:
                yield from ((f"dial {dialled.id}", moment, FOR_A_CALL) for moment in dialled.moments)
    for look in (*story.looks, *_shown_of(history, story)):
        yield f"{look.opening} opened", look.moment, NEEDED.get(look.opening, ())


def _shown_of(history: History, story: Story) -> list[Look]:
    return [
        look
        for sitting in story.sittings
        for dialled in sitting.dials
        for look in dialled.looks
        if look.ref == story.ref
    ]
