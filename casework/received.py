"""They contacted us: a missed call, a message, a visit; it ends a search, and brings back whom we had lost."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.actions import Action
from casework import adding
from casework.joining import NumberGiven
from followups import holding, locking, promising, reopening, tracing
from followups.calling.heard import CallBack
from followups.days import their_time
from followups.models import FollowUp
from followups.outlooks.forgetting import came
from followups.scheduling.explanations import why
from followups.scheduling.reasons import Reason, Refusal
from followups.tracing import Found
from kernel.errors import Conflict, DomainError
from tracker import numbers, reaching
from tracker.keeping import NewNumber
from tracker.models import Respondent
from tracker.models.respondents import Status
from vault import providers

OF_THE_OLD_NUMBERS = frozenset({Reason.NO_DIALABLE_NUMBER, Reason.NUMBER_BURDEN, Reason.OUTSIDE_SAFE_TIMES})
"""What a number given in the same breath may do away with; every rule is asked again before it is dialled."""


class Way(models.TextChoices):
    """How somebody came to us."""

    MISSED_CALL = "missed_call", gettext_lazy("a missed call to our line")
    CALL = "call", gettext_lazy("they called, and we talked")
    MESSAGE = "message", gettext_lazy("a message")
    IN_PERSON = "in_person", gettext_lazy("in person")
    PARTNER = "partner", gettext_lazy("through a partner or somebody who met them")


@dataclass(frozen=True, slots=True)
class Word:
    """What came of it on their side: how, when they may be called back, and a new number."""

    way: Way
    call_back: CallBack | None = None
    given: NumberGiven | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What it led to: the interview that can be made now, whether a time was promised, whether a hold still stands."""

    follow_up: FollowUp | None
    is_promised: bool
    is_held: bool

    @property
    def sentence(self) -> str:
        """What happens next, for whoever wrote it down."""
        if self.is_held:
            return _("Recorded. A hold still stands: nobody calls them before a coordinator has looked.")
        if self.is_promised:
            return _("Recorded. They are called when they said.")
        if self.follow_up is not None:
            return _("Recorded. They can be called in the next safe hours.")
        return _("Recorded. The next interview keeps its day.")


def record_contact_received(*, respondent: Respondent, word: Word, by: User, now: datetime) -> Received:
    """Write down that somebody contacted us. A hold stays until it is reviewed: that they called lifts nothing.

    Raises `not_taking_part`, `nothing_owed` or `call_back_impossible` for a time that cannot be promised, what keeping
    a number raises, and Locked where one is to be kept while the vault is locked. The number is kept last.
    """
    _check_number(respondent, word.given, now)
    with transaction.atomic():
        locking.hold_still(respondent.pk)
        respondent.refresh_from_db()
        _check_takes_part(respondent)
        tracing.end_all(respondent=respondent, why=Found.CONTACT_RECEIVED, by=by, now=now)
        row = reopening.open_to(respondent=respondent, now=now)
        tracing.begin_anew_where_nobody_knows(row, now)
        if word.call_back is not None:
            _promise(row, respondent, word, word.call_back, by, now)
        came(respondent, now)
        holding.look_again(respondent, now)
        _leave_trace(respondent, word, row, by, now)
    if word.given is not None:
        adding.add_number(respondent=respondent, given=word.given, by=by, now=now)
    return Received(row, word.call_back is not None, respondent.holds.standing(now).exists())


def _check_number(person: Respondent, given: NumberGiven | None, now: datetime) -> None:
    """All that can be wrong with the number, before anything is written down."""
    if given is not None:
        providers.keyring()
        number = numbers.parse(given.raw, given.region or person.country)
        reaching.may_be_kept(person, [NewNumber(number, given.whose, given.safe)], now)


def _check_takes_part(person: Respondent) -> None:
    if person.status != Status.ACTIVE:
        raise Conflict(
            "not_taking_part",
            _("This person is not being called any more, so nothing is planned for them."),
            kept=_("Nothing was changed."),
            next_step=_("If they wish to take part again, enrol them again, with their consent."),
        )


def _promise(
    row: FollowUp | None, person: Respondent, word: Word, call_back: CallBack, by: User, now: datetime
) -> None:
    if row is None:
        raise _impossible(
            "nothing_owed", _("No interview can be made at this moment, so no call can be promised.")
        )
    if call_back.until <= now or not row.opens_at <= call_back.starts_at < row.closes_at:
        raise _impossible(
            "call_back_impossible", _("This time is outside the days in which this interview can be made.")
        )
    found = [one for one in promising.obstacles_to(row, call_back, now) if not _is_done_away(one, word)]
    if found:
        ends = their_time(found[0].until, person) if found[0].until else ""
        raise _impossible(
            "call_back_impossible",
            _("They cannot be called at that time. %(why)s") % {"why": why(found[0], ends)},
        )
    promising.promise(follow_up=row, call_back=call_back, by=by, now=now)


def _is_done_away(refusal: Refusal, word: Word) -> bool:
    return word.given is not None and refusal.reason in OF_THE_OLD_NUMBERS


def _impossible(code: str, sentence: str) -> DomainError:
    return DomainError(
        code,
        sentence,
        kept=_("What you entered is still in the form."),
        next_step=_("Agree on another time, or leave the time empty: that they contacted you still counts."),
    )


def _leave_trace(person: Respondent, word: Word, row: FollowUp | None, by: User, now: datetime) -> None:
    trail.record(
        Action.CONTACT_RECEIVED,
        by=by,
        at=now,
        audit_ref=person.audit_ref,
        object_type="respondent",
        detail={
            "way": word.way.value,
            "follow_up": str(row.pk) if row else "",
            "call_back": word.call_back is not None,
            "new_number": word.given is not None,
        },
    )
