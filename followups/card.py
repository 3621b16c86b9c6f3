"""What the call card shows: only what makes this call safe; no name, no number, no history of what was told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language

from accounts.models import Gender, User
from consent import permits
from consent.asking import consents
from consent.models import Wording
from consent.permits import Opening
from consent.purposes import FOR_A_CALL, Purpose
from followups import facts, gateways
from followups.calling.dialling import last_dial_of
from followups.dispositions import DISPOSITIONS
from followups.gateways.simulated import voices
from followups.models import Attempt, Claim, Dial
from followups.scheduling.number_rules import usable_numbers
from followups.scheduling.outcomes import WhoAnswered
from followups.unsure_clocks import UnsureClock, unsure_clock
from kernel import languages
from kernel.errors import Sentence
from tracker.labels import stage_label
from tracker.models import ContactPoint, Respondent
from tracker.models.contact_points import Whose
from tracker.number_status import NumberStatus, is_dialable
from tracker.stages import Stage, is_tracing_only
from vault import opening

RENEW_WITHIN_DAYS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One number as the card tells of it: what makes it safe, never which it is."""

    point: ContactPoint
    never_on: str


@dataclass(frozen=True, slots=True)
class Card:
    """The card of one claim."""

    claim: Claim
    person: Respondent
    language: str
    stage: str
    now: datetime
    zone: str
    minutes_left: int
    lines: tuple[Line, ...]
    wants_woman: bool
    wants_man: bool
    script: str
    interview_wording: Wording | None
    recontact_wordings: tuple[Wording, ...]
    asks_recontact: bool
    attempt: Attempt | None
    last_dial: Dial | None
    has_another_number: bool
    unsure_clock: UnsureClock | None
    to_trusted: bool
    is_search: bool


def card_of(claim: Claim, now: datetime) -> Card:
    """Everything on the card, in a fixed number of queries."""
    person = claim.respondent
    study = claim.follow_up.enrolment.study
    in_use = Wording.objects.in_use
    attempt = Attempt.objects.filter(claim=claim).first()
    points = list(ContactPoint.objects.in_use().filter(respondent=person))
    to_trusted = attempt.to_trusted if attempt else _calls_a_trusted_person(claim, now)
    return Card(
        claim=claim,
        person=person,
        # Nothing is said any more of somebody erased meanwhile, whose outcome is still owed.
        language=languages.names(person.language, get_language() or "en") if person.language else "",
        stage=stage_label(person.stage),
        now=now,
        zone=person.likeliest_zone,
        minutes_left=max(int((claim.expires_at - now).total_seconds() // 60), 0),
        lines=tuple(Line(one, _never_on(one)) for one in points if _is_trusted(one) is to_trusted),
        wants_woman=person.caller_gender == Gender.WOMAN,
        wants_man=person.caller_gender == Gender.MAN,
        script=study.script,
        interview_wording=in_use(Purpose.INTERVIEW, person.language),
        recontact_wordings=tuple(one for purpose in FOR_A_CALL if (one := in_use(purpose, person.language))),
        asks_recontact=_expires_soon(person, now),
        unsure_clock=unsure_clock(person, study, reader_zone=claim.enumerator.time_zone, now=now),
        attempt=attempt,
        last_dial=last_dial_of(attempt),
        has_another_number=claim.is_live(now) and _has_another(points, attempt),
        to_trusted=to_trusted,
        is_search=claim.follow_up.tracing_since is not None,
    )


def network_word(dial: Dial) -> str:
    """What the network says of a call that nobody answered; "" where it rang through, or says nothing yet."""
    said = DISPOSITIONS.get(dial.result)
    return str(said.label) if said and said.who_answered is WhoAnswered.NOBODY else ""


def practice_voice(dial: Dial) -> Sentence:
    """What is heard on a practice call; "" on a real one."""
    if dial.gateway != gateways.practice.name:
        return ""
    return voices.heard(dial.result, to_trusted=dial.attempt.to_trusted)


@dataclass(frozen=True, slots=True)
class Words:
    """The words the person chose, opened for one dial; "" where they chose none. Left out of `repr`."""

    ask_for: str
    safe_phrase: str
    cover_words: str

    def __repr__(self) -> str:
        return "<Words>"


def words_of(point: ContactPoint, *, by: User, now: datetime) -> Words:
    """The word to ask for, the safe phrase and the cover words, each look in the trail; sent only with a dial."""
    person = point.respondent
    return Words(
        ask_for=_open(person.ask_for, Opening.ASK_FOR, person, by, now),
        # A trusted person is not asked to prove that the respondent can talk.
        safe_phrase=""
        if _is_trusted(point)
        else _open(point.safe_phrase, Opening.SAFE_PHRASE, person, by, now),
        cover_words=_open(point.cover_words, Opening.COVER_WORDS, person, by, now),
    )


def survey_link(attempt: Attempt) -> str:
    """The address of the questionnaire with a code made for this one interview; "" where the study has none."""
    template = attempt.follow_up.enrolment.study.survey_link
    return template.replace("{pseudonym}", attempt.survey_token.hex) if template else ""


def _open(sealed: Any, what: Opening, person: Respondent, by: User, now: datetime) -> str:
    if not sealed:
        return ""
    permit = permits.issue(
        sealed=sealed, opening=what, respondent_id=person.pk, audit_ref=person.audit_ref, by=by, now=now
    )
    return opening.open(sealed, permit=permit, now=now)


def _has_another(points: list[ContactPoint], attempt: Attempt | None) -> bool:
    """Whether a number is left that this sitting has not dialled; every rule is asked once more at its dial."""
    dialled = (
        set(attempt.dials.not_cancelled().values_list("contact_point_id", flat=True)) if attempt else set()
    )
    to_trusted = attempt is not None and attempt.to_trusted
    return any(
        one.pk not in dialled
        and not one.is_barred
        and is_dialable(NumberStatus(one.status))
        and _is_trusted(one) is to_trusted
        for one in points
    )


def _is_trusted(point: ContactPoint) -> bool:
    return point.whose == Whose.TRUSTED


def _calls_a_trusted_person(claim: Claim, now: datetime) -> bool:
    """Whether the first dial will go to somebody they trust, as the rules see it now; asked in a search only."""
    if claim.follow_up.tracing_since is None and not is_tracing_only(Stage(claim.respondent.stage)):
        return False
    situation = facts.situation_of(facts.follow_up(claim.follow_up_id), now=now)
    return any(number.is_trusted for number in usable_numbers(situation, now)[:1])


def _never_on(point: ContactPoint) -> str:
    """The weekdays on which the number is not safe, by name; "" when every day is."""
    return ", ".join(str(name) for day, name in WEEKDAYS.items() if day not in point.safe_days)


def _expires_soon(person: Respondent, now: datetime) -> bool:
    """Whether a standing purpose runs out before the next round would be over: time to ask again."""
    stands = consents(person.pk, now=now)
    ends = [stands.of(purpose).expires_at for purpose in FOR_A_CALL]
    return any(end is not None and (end - now).days < RENEW_WITHIN_DAYS for end in ends)
