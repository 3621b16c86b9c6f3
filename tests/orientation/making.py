"""People and partners for the orientation tests, made through the use cases wherever there is one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import Team, User
from accounts.permissions import Role
from consent import recording
from consent.folding import Decision
from consent.models import Mode, Wording
from consent.purposes import Purpose
from consent.recording import Said
from orientation import partners, requesting
from orientation.models import OrientationRequest, Partner, Service
from orientation.requesting import Asked
from orientation.vocabulary import Form, Item, Need, PreferredTime
from tracker import spoken_codes
from tracker.models import ContactPoint, Respondent
from tracker.number_status import NumberStatus
from vault import subject_keys
from vault.sealing import seal_into

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
NUMBER = "+12025550123"
ALL_ITEMS = frozenset(Item)


def staff(username: str, role: Role, team: Team | None = None) -> User:
    user = User.objects.create(username=username, display_name=username, role=role)
    if team is not None:
        user.teams.add(team)
    return user


def team(code: str = "NE1") -> Team:
    return Team.objects.get_or_create(code=code, defaults={"title": "North", "country": "NE"})[0]


def person(*, team: Team, with_number: bool = True, **facts: Any) -> Respondent:
    """A respondent who speaks English, in Niger, with one number they agreed to have kept."""
    row = Respondent(
        code=spoken_codes.draw(),
        team=team,
        status_at=NOW,
        language="en",
        country="NE",
        stage="in_transit",
        stage_since=NOW,
        created_month=date(2026, 3, 1),
    )
    for name, value in facts.items():
        setattr(row, name, value)
    subject_keys.create([row.pk], now=NOW)
    row.save(force_insert=True)
    if with_number:
        number(row)
        say(row, Purpose.KEEP_NUMBER, Decision.GRANTED)
    return row


def number(respondent: Respondent, e164: str = NUMBER, **rules: Any) -> ContactPoint:
    point = ContactPoint(
        respondent=respondent, status=NumberStatus.ACTIVE.value, status_at=NOW, added_at=NOW, **rules
    )
    seal_into(point, "value", e164)
    point.save(force_insert=True)
    return point


def words(purpose: Purpose = Purpose.ORIENTATION, language: str = "en") -> Wording:
    """Approved words, by two people."""
    author = User.objects.filter(username="author").first() or staff("author", Role.COORDINATOR)
    second = User.objects.filter(username="second").first() or staff("second", Role.DPO)
    return Wording.objects.create(
        purpose=purpose,
        language=language,
        version=1,
        text="Do you agree? You can always say no.",
        drafted_by=author,
        drafted_at=NOW,
        approved_by=second,
        approved_at=NOW,
    )


def say(
    respondent: Respondent,
    purpose: Purpose,
    decision: Decision,
    *,
    concerning: Any = None,
    items: tuple[str, ...] = (),
    at: datetime = NOW,
    valid_days: int | None = None,
) -> None:
    wording = Wording.objects.in_use(purpose, "en") or words(purpose)
    said = Said(
        purpose,
        decision,
        Mode.PHONE,
        "en",
        at,
        wording=wording if decision is Decision.GRANTED else None,
        concerning=concerning,
        items=items,
        valid_days=valid_days,
    )
    recording.record(respondent_id=respondent.pk, audit_ref=respondent.audit_ref, said=said, by=None, now=at)


def partner(code: str, *, by: User, expires_on: date = date(2027, 1, 1)) -> Partner:
    row = Partner(
        code=code,
        title=f"Partner {code}",
        not_in_migration_control=True,
        agreement_review_on=min(date(2026, 9, 1), expires_on),
        agreement_expires_on=expires_on,
    )
    return partners.save(partner=row, by=by, now=NOW)


def service(owner: Partner, *, by: User, verified: bool = True, **facts: Any) -> Service:
    settings = {"title": "Legal desk", "need": Need.LEGAL, "country": "NE", "languages": ["en"]} | facts
    row = Service(partner=owner, public_contact="Room 4, open house", **settings)
    partners.save_service(service=row, by=by, now=NOW)
    return partners.verify(service=row, by=by, now=NOW) if verified else row


def asked(offer: Service, form: Form = Form.CONTACT_REQUEST, **changes: Any) -> Asked:
    """A contact request that shares everything there is, changed as told."""
    full = Asked(
        service=offer,
        form=form,
        need=Need.LEGAL,
        items=ALL_ITEMS,
        preferred_time=PreferredTime.MORNING,
        note="Please ask for the cook.",
        wording=Wording.objects.in_use(Purpose.ORIENTATION, "en") or words(),
    )
    return replace(full, **changes)


def contact_request(
    respondent: Respondent, offer: Service, *, by: User, now: datetime = NOW, **changes: Any
) -> OrientationRequest:
    changes.setdefault("contact_point", respondent.contact_points.first())
    return requesting.request(respondent=respondent, asked=asked(offer, **changes), by=by, now=now)


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)
