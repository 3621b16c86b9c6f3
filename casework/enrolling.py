"""Enrolling somebody after their baseline interview: pseudonym, consent, numbers, profile, first follow-up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from audit import trail
from audit.actions import Action
from casework.enrolled import Enrolled
from casework.joining import Followed, Joining, lacking, to_write_down, whether_followed
from consent import recording
from consent.folding import Decision
from consent.models import Wording
from consent.purposes import valid_days_in
from consent.recording import Said
from followups import planning
from followups.models import FollowUp
from kernel.errors import Conflict, DomainError, Forbidden
from kernel.languages import language
from tracker import numbers as phone_numbers
from tracker.keeping import Given, NewNumber, fresh_keys, safely_kept, write_many
from tracker.models import Enrolment, Respondent
from tracker.models.respondents import Status
from tracker.profile import AgeBand
from tracker.reaching import may_be_kept
from tracker.registering import Person, register
from tracker.stages import Stage
from tracker.whereabouts import Whereabouts


def enrol(*, form: Joining, by: User, now: datetime) -> Enrolled:
    """Enrol one person, in both databases or in neither.

    Without a yes to being called and to keeping the number, and for a minor, they are counted in the baseline: no
    number is read or kept and nothing is planned. The same form sent again gives what came of it the first time.
    Raises DomainErrors for what does not fit; nothing is then enrolled.
    """
    earlier = _earlier(form, by)
    if earlier is not None:
        return earlier
    try:
        return _enrol(form, by, now)
    except IntegrityError:
        # Sent twice at once, and the other one was first; anything else that breaks a constraint is a fault.
        earlier = _earlier(form, by)
        if earlier is None:
            raise
        return earlier


def _enrol(form: Joining, by: User, now: datetime) -> Enrolled:
    _check(form, by)
    granted = [purpose for purpose, answer in form.answers.items() if answer is Decision.GRANTED]
    followed = whether_followed(granted, form.profile.age_band)
    given = _numbers(form) if followed is Followed.YES else ()
    person = _person(form, by, given, followed)
    with _both_databases(form, given, now):
        respondent = register(person=person, by=by, now=now)
        _write_answers(form, respondent, followed, by, now)
        _keep_numbers(respondent, given, now)
        enrolment = _place_in_study(form, respondent, followed, by, now)
        follow_up = planning.plan_next(enrolment=enrolment, now=now)
        _leave_trace(form, respondent, followed, by, now)
    return Enrolled(respondent, followed, follow_up)


def _earlier(form: Joining, by: User) -> Enrolled | None:
    """What came of this very form when it arrived before; None the first time."""
    enrolment = Enrolment.objects.select_related("respondent").filter(respondent=form.id).first()
    if enrolment is None:
        return None
    if enrolment.by_id != by.pk:
        raise Conflict(
            "form_used",
            _("This form has enrolled somebody already."),
            kept=_nothing_kept(),
            next_step=_("Open “Enrol someone” again for the next person."),
        )
    person = enrolment.respondent
    counted = Followed.UNDER_18 if person.age_band == AgeBand.UNDER_18 else Followed.NOT_AGREED
    followed = Followed.YES if enrolment.is_followed else counted
    return Enrolled(person, followed, FollowUp.objects.of(person).first(), was_known=True)


@contextmanager
def _both_databases(form: Joining, given: tuple[NewNumber, ...], now: datetime) -> Iterator[None]:
    """Keys, then the lock on the numbers, then the main transaction; the vault is left alone when nothing is kept."""
    if not given:
        with transaction.atomic():
            yield
        return
    with fresh_keys([form.id], now=now), safely_kept([one.number.e164 for one in given]):
        yield


def _check(form: Joining, by: User) -> None:
    if not by.sees_all_teams and form.team.pk not in by.team_ids:
        raise Forbidden("other_team", _("You can only enrol people for your own team."), kept=_nothing_kept())
    if form.study.closed_at or not form.study.teams.filter(pk=form.team.pk).exists():
        raise _refused("study_not_open", _("This study is closed, or this team does not work on it."))
    language(form.language)
    missing = lacking(form.answers)
    if missing is not None:
        raise _refused(
            "consent_incomplete",
            _("A yes to “%(purpose)s” needs a yes to keeping the number as well.")
            % {"purpose": missing.label},
        )


def _numbers(form: Joining) -> tuple[NewNumber, ...]:
    """The numbers read; raises `impossible_number`, and `number_missing` for somebody who wants to be called."""
    if not form.numbers:
        raise _refused("number_missing", _("They agreed to be called again, and there is no number to call."))
    parsed = [(phone_numbers.parse(one.raw, one.region or form.country), one) for one in form.numbers]
    first = {number.e164: NewNumber(number, one.whose, one.safe) for number, one in reversed(parsed)}
    in_order = dict.fromkeys(number.e164 for number, _one in parsed)
    return tuple(replace(first[e164], position=place) for place, e164 in enumerate(in_order))


def _person(form: Joining, by: User, given: tuple[NewNumber, ...], followed: Followed) -> Person:
    is_followed = followed is Followed.YES
    number_zones = tuple(zone for one in given for zone in one.number.zones)
    return Person(
        id=form.id,
        team=form.team,
        language=language(form.language).code,
        stage=Stage(form.stage),
        where=Whereabouts(form.country, form.zone, number_zones).checked(),
        status=Status.ACTIVE if is_followed else Status.BASELINE_ONLY,
        profile=form.profile,
        caller_gender=form.caller_gender,
        ask_for=form.ask_for.strip() if is_followed else "",
        usual_enumerator=by if is_followed and by.may(Permission.CALL) else None,
    )


def _write_answers(
    form: Joining, respondent: Respondent, followed: Followed, by: User, now: datetime
) -> None:
    answers = to_write_down(form.answers, followed)
    wordings = Wording.objects.in_use_for(answers, form.language)
    said = tuple(
        Said(
            purpose,
            decision,
            form.mode,
            form.language,
            at=now,
            wording=wordings.get(purpose),
            valid_days=valid_days_in(purpose, form.study.consent_valid_days),
        )
        for purpose, decision in answers.items()
    )
    recording.record_all(
        respondent_id=respondent.pk, audit_ref=respondent.audit_ref, said=said, by=by, now=now
    )


def _keep_numbers(respondent: Respondent, given: tuple[NewNumber, ...], now: datetime) -> None:
    if given:
        may_be_kept(respondent, given, now)
        write_many(given=[Given(respondent.pk, one) for one in given], now=now)


def _place_in_study(
    form: Joining, respondent: Respondent, followed: Followed, by: User, now: datetime
) -> Enrolment:
    return Enrolment.objects.create(
        respondent=respondent, study=form.study, at=now, by=by, is_followed=followed is Followed.YES
    )


def _leave_trace(form: Joining, respondent: Respondent, followed: Followed, by: User, now: datetime) -> None:
    trail.record(
        Action.RESPONDENT_ENROLLED,
        by=by,
        at=now,
        audit_ref=respondent.audit_ref,
        object_type="study",
        object_id=form.study.pk,
        detail={"followed": followed.value, "stage": respondent.stage},
    )


def _refused(code: str, sentence: str) -> DomainError:
    return DomainError(
        code,
        sentence,
        kept=_nothing_kept(),
        next_step=_("Correct it in the form, which still has what you typed."),
    )


def _nothing_kept() -> str:
    return _("Nobody was enrolled.")
