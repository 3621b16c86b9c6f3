"""A small panel in which somebody can be called at this very hour, and people at browsers."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.permissions import Role
from consent.models import Wording
from consent.purposes import Purpose
from followups.ticking.tick import tick
from kernel import clock
from orientation import partners, requesting
from orientation.models import OrientationRequest, Partner, Service
from orientation.requesting import Asked
from orientation.vocabulary import Form, Item, Need, PreferredTime
from tests import factories
from tests.browser.reader import PHONE, Reader
from tracker.keeping import SafeContact
from tracker.models import Respondent, Study
from tracker.stages import Stage

AFTERNOON = SafeContact(
    safe_from=time(12), safe_until=time(16, 30), safe_phrase="the blue door", cover_words="Wrong number"
)


@pytest.fixture(autouse=True)
def by_password_alone(request: pytest.FixtureRequest, settings: Any) -> None:
    """People of these tests sign in as in the demo; those of the second factor have a file of their own."""
    settings.SECOND_FACTOR_REQUIRED = request.node.path.name == "test_second_factor.py"


@dataclass(frozen=True)
class Panel:
    """Who is there: one member of staff per role, and a study with people due for a call."""

    study: Study
    people: list[Respondent]
    administrator: User
    coordinator: User
    enumerator: User
    dpo: User


def zone_of_afternoon(now: datetime) -> str:
    """A zone on whose clock it is about two in the afternoon now."""
    ahead = 14 - now.hour
    ahead = ahead - 24 if ahead > 12 else ahead
    # The names of these zones carry the sign of the ocean charts: Etc/GMT-3 is three hours ahead.
    return "Etc/GMT" if ahead == 0 else f"Etc/GMT{-ahead:+d}"


@pytest.fixture
def panel(transactional_db: None) -> Panel:
    now = clock.now()
    before = now - timedelta(days=28)
    team = factories.make_team(now=before)
    coordinator = factories.make_user(Role.COORDINATOR, team=team, now=before)
    study = factories.make_study(team=team, by=coordinator, now=before)
    enumerator = factories.make_user(Role.ENUMERATOR, team=team, now=before, time_zone="Africa/Tunis")
    factories.approve_wordings(now=before)
    zone = zone_of_afternoon(now)
    people = [
        factories.make_respondent(
            study=study, team=team, by=enumerator, stage=Stage.ARRIVED, zone=zone, safe=AFTERNOON, now=before,
        )
        for _each in range(8)
    ]  # fmt: skip
    tick(now)
    return Panel(
        study,
        people,
        factories.the_administrator(),
        coordinator,
        enumerator,
        factories.make_user(Role.DPO, team=team, now=before),
    )


@dataclass(frozen=True)
class Desk:
    """A partner with somebody who reads its requests, and one request that waits."""

    partner: Partner
    focal_point: User
    waiting: OrientationRequest


@pytest.fixture
def desk(panel: Panel) -> Desk:
    now, by, person = clock.now(), panel.coordinator, panel.people[0]
    reader = factories.make_user(Role.FOCAL_POINT, now=now, time_zone="Africa/Tunis")
    agreed = Partner(
        code="LEGALHELP",
        title="Legal help at the port",
        not_in_migration_control=True,
        agreement_review_on=date(2099, 1, 1),
        agreement_expires_on=date(2099, 6, 1),
        complaint_route="A box at the door",
    )
    partner = partners.save(partner=agreed, by=by, now=now)
    partners.assign(partner=partner, user=reader, by=by, now=now)
    service = Service(
        partner=partner, title="Advice on papers", need=Need.LEGAL, country="TN", languages=["en", "ar"],
        public_contact="Room 4, open house", hours="Monday to Friday, 9 to 12",
    )  # fmt: skip
    partners.save_service(service=service, by=by, now=now)
    asked = Asked(
        service=partners.verify(service=service, by=by, now=now),
        form=Form.CONTACT_REQUEST,
        need=Need.LEGAL,
        items=frozenset(Item),
        preferred_time=PreferredTime.MORNING,
        note="Please ask for the cook.",
        contact_point=person.contact_points.get(),
        wording=Wording.objects.in_use(Purpose.ORIENTATION, "en"),
    )
    waiting = requesting.request(respondent=person, asked=asked, by=panel.enumerator, now=now)
    return Desk(partner, reader, waiting)


@pytest.fixture
def reader(browser_page: Any) -> Reader:
    browser_page.set_viewport_size(PHONE)
    # A colour on its way to another one would be read as too faint.
    browser_page.emulate_media(reduced_motion="reduce")
    return Reader(browser_page)


@pytest.fixture
def another(chromium: Any, live_server: Any) -> Any:
    """Makes further readers, each at a browser of their own: `another(java_script_enabled=False)`."""
    contexts = []

    def another(**wishes: Any) -> Reader:
        calm = {"base_url": live_server.url, "viewport": PHONE, "reduced_motion": "reduce"}
        context = chromium.new_context(**calm | wishes)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return Reader(context.new_page())

    yield another
    for context in contexts:
        context.close()
