"""Everything the page of one respondent shows, read in a fixed number of queries; never a number, word or phrase."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import Action
from audit.models import AuditEvent
from casework.listing import language_name
from casework.lookers import Look, looks_at
from casework.reach import Reach, shown
from consent import asking
from consent.folding import Folded
from consent.purposes import Purpose
from followups import explaining, holding, tracing
from followups.explaining import Explained
from followups.models import Appointment, BarredEnumerator, FollowUp, Hold
from followups.models.follow_ups import LIVE, State
from followups.tracing_steps import Search, search_for
from kernel.countries import country_name
from tracker.labels import stage_label
from tracker.models import Respondent
from tracker.models.respondents import Status
from vault.rotating import Finality, finality_of

ONCE_ONLY = (Purpose.INTERVIEW, Purpose.RECORDING, Purpose.ORIENTATION)


@dataclass(frozen=True, slots=True)
class Owed:
    """One follow-up as it is shown; `tries` counts the sittings themselves, not what counts against a cap."""

    follow_up: FollowUp
    state: str
    tries: int

    @property
    def may_be_made_outside(self) -> bool:
        """Whether an interview made on paper, or when they called, still counts for it."""
        return self.follow_up.state in (*LIVE, State.MISSED)


@dataclass(frozen=True, slots=True)
class Held:
    """A hold, and whether it may be lifted at all while this stage lasts."""

    hold: Hold
    may_be_lifted: bool


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One standing purpose and where it stands."""

    purpose: str
    folded: Folded


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What is shown of one respondent."""

    respondent: Respondent
    language: str
    stage: str
    country: str
    consents: tuple[ConsentLine, ...]
    reaches: tuple[Reach, ...]
    follow_ups: tuple[Owed, ...]
    holds: tuple[Held, ...]
    appointments: tuple[Appointment, ...]
    barred: tuple[BarredEnumerator, ...]
    looks: tuple[Look, ...]
    explained: tuple[Explained, ...]
    search: Search | None
    is_lost: bool
    erasure_asked_at: datetime | None
    finality: Finality | None

    @property
    def lacks_clock(self) -> bool:
        """Nobody can tell the hour where they are, so nobody calls until somebody says."""
        return self.is_active and not self.respondent.zones

    @property
    def is_active(self) -> bool:
        return self.respondent.status == Status.ACTIVE

    @property
    def is_erased(self) -> bool:
        return self.respondent.status == Status.ERASED


def page_of(respondent: Respondent, *, reader: User, now: datetime) -> PersonPage:
    """The page as `reader` may see it; who looked is for those who may read the trail or erase."""
    code = respondent.country
    explained = tuple(explaining.why_not(respondent, now))
    return PersonPage(
        respondent=respondent,
        language=language_name(respondent.language),
        stage=stage_label(respondent.stage),
        country=country_name(code, get_language() or "en") if code else _("not said"),
        consents=_consents(respondent, now),
        reaches=tuple(shown(point) for point in respondent.contact_points.in_use()),
        follow_ups=_follow_ups(respondent, explained),
        holds=_holds(respondent, now),
        appointments=tuple(Appointment.objects.open().filter(respondent=respondent)),
        barred=tuple(BarredEnumerator.objects.filter(respondent=respondent).select_related("enumerator")),
        looks=looks_at(respondent, reader=reader),
        explained=explained,
        search=search_for(respondent, now=now),
        is_lost=tracing.is_lost(respondent),
        erasure_asked_at=_erasure_asked_at(respondent),
        finality=finality_of(respondent.status_at) if respondent.status == Status.ERASED else None,
    )


def _follow_ups(respondent: Respondent, explained: tuple[Explained, ...]) -> tuple[Owed, ...]:
    """Newest first, each with its tries counted afresh."""
    waiting = {one.follow_up.pk for one in explained if not one.is_callable}
    rows = FollowUp.objects.of(respondent).select_related("enrolment__study").order_by("-due_at")
    return tuple(
        Owed(row, _state(row, is_waiting=row.pk in waiting), row.tries)
        for row in rows.annotate(tries=Count("attempts"))
    )


def _state(row: FollowUp, *, is_waiting: bool) -> str:
    """One that the queue holds ready, and that a rule refuses at this moment, waits: the page says so above."""
    is_refused = is_waiting and row.state == State.READY
    return str(State.RESTING.label if is_refused else row.get_state_display())


def _holds(respondent: Respondent, now: datetime) -> tuple[Held, ...]:
    standing = Hold.objects.standing(now).filter(respondent=respondent).select_related("respondent")
    return tuple(Held(one, holding.stage_allows_lifting(one)) for one in standing)


def _consents(respondent: Respondent, now: datetime) -> tuple[ConsentLine, ...]:
    consents = asking.consents(respondent.pk, now=now)
    standing = [purpose for purpose in Purpose if purpose not in ONCE_ONLY]
    return tuple(ConsentLine(str(purpose.label), consents.of(purpose)) for purpose in standing)


def _erasure_asked_at(respondent: Respondent) -> datetime | None:
    if respondent.audit_ref is None or respondent.status == Status.ERASED:
        return None
    asked = AuditEvent.objects.about(respondent.audit_ref).filter(action=Action.ERASE_REQUESTED).first()
    return asked.at if asked else None
