"""Whether an outcome can be taken as it was entered; asked before anything is written."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from consent.models import Wording
from consent.purposes import FOR_A_CALL, Purpose
from followups import facts
from followups.calling.heard import CallBack, Heard
from followups.days import days_of, in_words, their_time
from followups.dispositions import Disposition, disposition, offered
from followups.models import Attempt
from followups.scheduling.explanations import why
from followups.scheduling.next_look import obstacles_to
from followups.scheduling.outcomes import Letter
from followups.scheduling.situation import Appointment
from kernel.errors import DomainError
from tracker.models import Respondent

INTERVIEWED = frozenset({Letter.COMPLETE, Letter.PARTIAL})


def check(attempt: Attempt, heard: Heard, now: datetime) -> None:
    """Raises `unknown_outcome`, `not_with_trusted`, `interview_not_agreed`, `wording_missing`, `call_back_missing`,
    `call_back_outside` or `call_back_impossible`, each with what to do. Nothing has been written then."""
    outcome = disposition(heard.disposition)
    _check_who_was_called(attempt, outcome, heard)
    if outcome.letter in INTERVIEWED and heard.interview is not True:
        raise _refused(
            "interview_not_agreed",
            _("An interview counts only when the person said yes to it in this call."),
            _("Record their yes to the interview, or choose another outcome."),
        )
    _check_wordings(attempt.respondent, heard)
    if outcome.needs_appointment is not None and heard.call_back is None:
        raise _refused(
            "call_back_missing",
            _("You chose a call-back, but no day and time were given."),
            _("Enter when they asked to be called, on their clock."),
        )
    if heard.call_back is not None and attempt.claim.is_live(now):
        _check_call_back(attempt.follow_up_id, heard.call_back, now)


def _check_who_was_called(attempt: Attempt, outcome: Disposition, heard: Heard) -> None:
    """Somebody they trust is asked for a number or a time: nothing is agreed, stated or promised for the person."""
    said = (heard.interview, heard.recontact, heard.call_back, heard.journey, heard.best_time)
    is_about_them = any(one is not None for one in said) or heard.bars_caller
    if outcome not in offered(to_trusted=attempt.to_trusted) or (attempt.to_trusted and is_about_them):
        raise _refused(
            "not_with_trusted",
            _("You called somebody they trust, who cannot answer for them.")
            if attempt.to_trusted
            else _("This is the outcome of a call to somebody they trust, and you called their own number."),
            _("Choose one of the outcomes on the page, and nothing else."),
        )


def _check_wordings(person: Respondent, heard: Heard) -> None:
    asked = [Purpose.INTERVIEW] if heard.interview else []
    asked += FOR_A_CALL if heard.recontact else ()
    known = Wording.objects.in_use_for(asked, person.language) if asked else {}
    for purpose in asked:
        if purpose not in known:
            raise _refused(
                "wording_missing",
                _(
                    "There is no approved wording for “%(purpose)s” in this language, so a yes cannot be recorded."
                )
                % {"purpose": purpose.label},
                _("Record the outcome without it, and tell your coordinator."),
            )


def _check_call_back(follow_up_id: UUID, call_back: CallBack, now: datetime) -> None:
    row = facts.follow_up(follow_up_id)
    days = days_of(row, row.respondent)
    if call_back.until <= now or not row.opens_at <= call_back.starts_at < row.closes_at:
        raise _refused(
            "call_back_outside",
            _("This time is outside the days in which this interview can be made: %(opens)s to %(closes)s.")
            % {"opens": in_words(days.opens_on), "closes": in_words(days.last_on)},
            _("Agree on another time, or record that they cannot take part this time."),
        )
    situation = facts.situation_of(row, now=now)
    wanted = Appointment(call_back.kind, call_back.starts_at, call_back.until, now)
    found = obstacles_to(situation, wanted, now)
    if found:
        ends = their_time(found[0].until, row.respondent) if found[0].until else ""
        raise _refused(
            "call_back_impossible",
            _("They cannot be called at that time. %(why)s") % {"why": why(found[0], ends)},
            _("Agree on another time with them."),
        )


def _refused(code: str, sentence: str, next_step: str) -> DomainError:
    return DomainError(
        code,
        sentence,
        kept=_("What you entered is still in the form; the call is still yours."),
        next_step=next_step,
    )
