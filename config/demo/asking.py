"""Requests to partners that invented people make."""

from datetime import datetime

from accounts.models import User
from config.demo.setting_up import World
from consent import asking
from consent.models import Wording
from consent.purposes import Purpose
from followups.gateways.simulated.chances import chance
from kernel.errors import DomainError
from orientation import requesting
from orientation.models import OrientationRequest, Service
from orientation.requesting import Asked
from orientation.vocabulary import Form, Item, PreferredTime, Urgency
from tracker.models import Respondent
from tracker.profile import AgeBand

NOTE = "Please ask for me by the word I chose."


def ask_someone_near(world: World, person: Respondent, by: User, at: datetime) -> None:
    """A wish said at the end of a call: a partner, a form and an urgency by chance; one open request at a time."""
    random = chance("asks", person.pk, at.date())
    if OrientationRequest.objects.open().filter(respondent=person).exists() or not may_ask(person, at):
        return
    form = random.choice(
        (Form.CONTACT_REQUEST, Form.CONTACT_REQUEST, Form.I_WILL_CONTACT, Form.INFORMATION_ONLY)
    )
    urgency = Urgency.URGENT if random.random() < 0.15 else Urgency.NORMAL
    ask(world, person, random.choice(("HARBOUR", "LANTERN")), form, urgency, by=by, at=at)


def ask(
    world: World, person: Respondent, partner: str, form: Form, urgency: Urgency, *, by: User, at: datetime
) -> None:
    """Ask the partner's service nearest to the person, if it has one that may be offered."""
    offered = Service.objects.offerable_on(at.date()).filter(partner__code=partner)
    service = offered.nearest_first(person.country).first()
    if service is None:
        return
    try:
        requesting.request(respondent=person, asked=_asked(person, service, form, urgency), by=by, now=at)
        world.diary.requests += 1
    except DomainError as refusal:
        world.diary.refused[refusal.code] += 1


def may_ask(person: Respondent, at: datetime) -> bool:
    """Whether a partner could be given their number at all."""
    point = person.contact_points.in_use().first()
    return (
        requesting.is_usable(point)
        and person.age_band != AgeBand.UNDER_18
        and asking.permits(person.pk, Purpose.KEEP_NUMBER, now=at)
    )


def _asked(person: Respondent, service: Service, form: Form, urgency: Urgency) -> Asked:
    items = {Form.I_WILL_CONTACT: {Item.NEED}, Form.CONTACT_REQUEST: set(Item)}.get(form, set())
    return Asked(
        service=service,
        form=form,
        need=service.need,
        items=frozenset(items),
        urgency=urgency,
        preferred_time=PreferredTime.AFTERNOON,
        note=NOTE if form is Form.CONTACT_REQUEST else "",
        contact_point=person.contact_points.in_use().first() if form is Form.CONTACT_REQUEST else None,
        wording=Wording.objects.in_use(Purpose.ORIENTATION, person.language),
    )
