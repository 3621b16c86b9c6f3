"""Small invented histories, made of events and dials directly: a sound one to begin with, and words to spoil it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from audit.actions import Action
from tests.year.answer_key import BEGINNING, AnswerKey, Hours, Line, Person, Rows, SafeTimes
from tests.year.observer import judge_these
from tests.year.telling import DialRow, Event

NOON = datetime(2026, 4, 2, 12, 0, tzinfo=UTC)
"""A Thursday; one o'clock in Tunis, where everybody here is."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEASE, INTERVIEW = timedelta(minutes=30), timedelta(minutes=75)


def uid(n: int) -> UUID:
    return UUID(int=0xABCDEF << 64 | n)


AMINA, BEN = uid(1), uid(2)
"""Two respondents, by the reference in the trail; Ben's second line is Amina's number."""
CALLER, OTHER = uid(11), uid(12)
LINE, BENS, SHARED = uid(21), uid(22), uid(23)
ROUND, BENS_ROUND = uid(31), uid(32)


@dataclass
class Planted:
    """Events and dials in the order in which they are written down, and what the inventor knows beside them."""

    events: list[Event] = field(default_factory=list)
    dials: list[DialRow] = field(default_factory=list)
    key: AnswerKey = AnswerKey(
        {
            AMINA: Person(AMINA, ((BEGINNING, "Africa/Tunis"),), {LINE: Line("one")}),
            BEN: Person(BEN, ((BEGINNING, "Africa/Tunis"),), {BENS: Line("two"), SHARED: Line("one")}),
        }
    )
    ids: int = 100

    def new(self) -> UUID:
        self.ids += 1
        return uid(self.ids)

    def tell(self, action: Action, at: datetime, ref: UUID | None = None, **said: Any) -> None:
        self.events.append(Event(len(self.events) + 1, at, action.value, ref=ref, **said))

    def enrol(self, ref: UUID, at: datetime = NOON - 30 * DAY, follow_up: UUID = ROUND) -> None:
        for purpose in ("keep_number", "recontact"):
            self.say(ref, purpose, True, at)
        detail: dict[str, Any] = {"followed": "yes", "stage": "arrived"}
        self.tell(Action.RESPONDENT_ENROLLED, at, ref, detail=detail)
        planned = {"round": 1, "stage": "arrived", "due": at.isoformat()}
        self.tell(Action.FOLLOW_UP_PLANNED, at, ref, object_id=follow_up, detail=planned)
        self.tell(Action.FOLLOW_UP_OPENED, at + 20 * DAY, detail={"which": [str(follow_up)]})

    def say(self, ref: UUID, purpose: str, is_yes: bool, at: datetime, said: datetime | None = None) -> None:
        action = Action.CONSENT_GRANTED if is_yes else Action.CONSENT_WITHDRAWN
        self.tell(action, at, ref, detail={"purpose": purpose, "said": (said or at).isoformat()})

    def claim(self, at: datetime, ref: UUID = AMINA, by: UUID = CALLER, follow_up: UUID = ROUND) -> UUID:
        claim = self.new()
        detail = {"follow_up": str(follow_up), "lease_until": (at + LEASE).isoformat()}
        self.tell(Action.CLAIMED, at, ref, actor=by, object_id=claim, detail=detail)
        return claim

    def dial(
        self,
        claim: UUID,
        at: datetime,
        ref: UUID = AMINA,
        point: UUID = LINE,
        by: UUID = CALLER,
        attempt: UUID | None = None,
        looks: int = 1,
        **row: Any,
    ) -> UUID:
        """Ordered and shown at once; the attempt it belongs to."""
        dial, attempt = self.new(), attempt or self.new()
        kept = {"dial": str(dial), "attempt": str(attempt), "lease_until": (at + INTERVIEW).isoformat()}
        self.tell(Action.DIAL_ORDERED, at, ref, actor=by, object_id=claim, detail=kept)
        for _look in range(looks):
            self.open(at, ref, point, by)
            self.tell(Action.NUMBER_REVEALED, at, ref, actor=by, object_type="dial", object_id=dial)
        made = {"state": "ended", "placed_at": at, "revealed_at": at, **row}
        self.dials.append(DialRow(dial, attempt, point, ordered_at=at, **made))
        return attempt

    def open(self, at: datetime, ref: UUID, point: UUID, by: UUID = CALLER, opening: str = "dial") -> None:
        detail = {"opening": opening, "label": "phone.e164"}
        self.tell(Action.IDENTITY_OPENED, at, ref, actor=by, object_id=point, detail=detail)

    def record(
        self,
        attempt: UUID,
        claim: UUID,
        at: datetime,
        code: str = "no_answer",
        ref: UUID = AMINA,
        by: UUID = CALLER,
        follow_up: UUID = ROUND,
        **more: Any,
    ) -> None:
        kept = {"disposition": code, "round": 1, "claim": str(claim), "follow_up": str(follow_up)}
        flags = {"is_done": code == "completed", "bars_caller": False, **more}
        self.tell(
            Action.OUTCOME_RECORDED,
            at,
            ref,
            actor=by,
            object_type="attempt",
            object_id=attempt,
            detail=kept | flags,
        )

    def call(
        self,
        at: datetime,
        code: str = "no_answer",
        ref: UUID = AMINA,
        point: UUID = LINE,
        by: UUID = CALLER,
        follow_up: UUID = ROUND,
        **more: Any,
    ) -> None:
        """A whole sitting: claimed a minute before, one number, and its outcome ten minutes later."""
        claim = self.claim(at - MINUTE, ref, by, follow_up)
        attempt = self.dial(claim, at, ref, point, by)
        self.record(attempt, claim, at + 10 * MINUTE, code, ref, by, follow_up, **more)

    def safe(self, times: SafeTimes) -> None:
        """What Amina said of her line."""
        self.change(lines={LINE: Line("one", times)})

    def change(self, **of_amina: Any) -> None:
        people = {**self.key.people, AMINA: replace(self.key.people[AMINA], **of_amina)}
        self.key = replace(self.key, people=people)

    def checks(self, diary: object = None, rows: Rows = Rows()) -> set[str]:  # noqa: B008  (frozen)
        """The names of the checks that found something."""
        found = judge_these(self.events, self.dials, key=self.key, diary=diary or object(), rows=rows)
        return {violation.check for violation in found}


def sound() -> Planted:
    """Two people enrolled, one called once and not reached."""
    planted = Planted()
    planted.enrol(AMINA)
    planted.enrol(BEN, follow_up=BENS_ROUND)
    planted.call(NOON)
    return planted


AFTERNOON = SafeTimes(safe=Hours(time(15), time(18)))
LUNCH = SafeTimes(unsafe=Hours(time(12), time(14)))
NOT_THURSDAY = SafeTimes(days=frozenset({0, 1, 2, 4, 5, 6}))
