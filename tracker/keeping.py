"""Writing numbers down: sealed, in the phone index, with what makes each safe; in two databases or in neither."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from tracker.models import ContactPoint, Respondent
from tracker.models.contact_points import Whose
from tracker.number_status import NumberStatus
from tracker.numbers import ParsedNumber
from vault import lines, subject_keys
from vault.lines import Line
from vault.sealing import Sealing, seal_many

BATCH = 500
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class SafeContact:
    """When and how a number is safe, as the person says; anything they did not say is a no.

    Hours are a pair, half-open, on their own clock, or both None for the study's calling hours.
    """

    safe_days: tuple[int, ...] = EVERY_DAY
    safe_from: time | None = None
    safe_until: time | None = None
    unsafe_from: time | None = None
    unsafe_until: time | None = None
    may_talk_to_others: bool = False
    may_message: bool = False
    may_leave_message: bool = False
    may_call_back_if_cut: bool = False
    safe_phrase: str = ""
    cover_words: str = ""


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A number somebody gave, read by `tracker.numbers`, with whose phone it is and when it is safe."""

    number: ParsedNumber
    whose: Whose = Whose.OWN
    safe: SafeContact = SafeContact()
    position: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """A number and whom it reaches."""

    respondent_id: UUID
    new: NewNumber


def fresh_keys(respondent_ids: Collection[UUID], *, now: datetime) -> AbstractContextManager[None]:
    """Keys for respondents about to be registered; they go again when what is inside fails.

    Comes before `safely_kept`: keys first in. Raises Locked."""
    return subject_keys.fresh(list(respondent_ids), known=_registered, now=now)


def _registered(respondent_ids: Collection[UUID]) -> set[UUID]:
    found: set[UUID] = set()
    wanted = list(respondent_ids)
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        found |= set(Respondent.objects.filter(pk__in=some).values_list("pk", flat=True))
    return found


@contextmanager
def safely_kept(e164s: Collection[str]) -> Iterator[None]:
    """The main transaction inside the lock on these numbers: what fails in one is undone in the other."""
    with lines.locked(e164s), transaction.atomic():
        yield


def write_many(*, given: Sequence[Given], now: datetime) -> list[ContactPoint]:
    """Contact points for numbers, sealed and in the phone index. A step inside `safely_kept`.

    A number whose holder asked that it be refused leaves a contact point without a number: it looks like any other on
    a page, so nobody learns of the refusal, and can never be dialled. A new number takes over nothing that is known of
    the number elsewhere: the rules ask at the dial, where everyone who shares it counts.
    """
    points = [_point(one, now) for one in given]
    pairs = list(zip(points, given, strict=True))
    refused = lines.refused_among(one.new.number.e164 for one in given)
    kept = [(point, one) for point, one in pairs if one.new.number.e164 not in refused]
    seal_many(
        [(point, "value", one.new.number.e164) for point, one in kept]
        + [sealing for point, one in pairs for sealing in words_to_seal(point, one.new.safe)]
    )
    ContactPoint.objects.bulk_create(points, batch_size=BATCH)
    lines.add_many([Line(point.pk, one.respondent_id, one.new.number.e164) for point, one in kept], now=now)
    return points


def _point(given: Given, now: datetime) -> ContactPoint:
    new = given.new
    return ContactPoint(
        id=uuid.uuid4(),
        respondent_id=given.respondent_id,
        position=new.position,
        whose=new.whose,
        status=NumberStatus.UNVERIFIED.value,
        status_at=now,
        added_at=now,
        **rules_as_fields(new.safe),
    )


def rules_as_fields(safe: SafeContact) -> dict[str, object]:
    names = (
        "safe_from", "safe_until", "unsafe_from", "unsafe_until", "may_talk_to_others", "may_message",
        "may_leave_message", "may_call_back_if_cut",
    )  # fmt: skip
    return {"safe_days": list(safe.safe_days)} | {name: getattr(safe, name) for name in names}


def words_to_seal(point: ContactPoint, safe: SafeContact) -> list[Sealing]:
    texts = {"safe_phrase": safe.safe_phrase, "cover_words": safe.cover_words}
    return [(point, name, text) for name, text in texts.items() if text]
