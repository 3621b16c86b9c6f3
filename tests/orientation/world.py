"""One small world: two partners with a focal point each, one respondent, one enumerator."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Team, User
from accounts.permissions import Role
from orientation import partners
from orientation.models import OrientationRequest, Partner, Service
from tests.orientation import making
from tracker.models import Respondent


@dataclass
class World:
    team: Team
    coordinator: User
    enumerator: User
    focal_point: User
    other_focal_point: User
    partner: Partner
    service: Service
    respondent: Respondent

    def asks(self, **changes: Any) -> OrientationRequest:
        return making.contact_request(self.respondent, self.service, by=self.enumerator, **changes)


def build() -> World:
    team = making.team()
    coordinator = making.staff("coordinator", Role.COORDINATOR, team)
    focal_point, other = (making.staff(name, Role.FOCAL_POINT) for name in ("focal", "other-focal"))
    owner, elsewhere = (making.partner(code, by=coordinator) for code in ("P1", "P2"))
    partners.assign(partner=owner, user=focal_point, by=coordinator, now=making.NOW)
    partners.assign(partner=elsewhere, user=other, by=coordinator, now=making.NOW)
    return World(
        team=team,
        coordinator=coordinator,
        enumerator=making.staff("enumerator", Role.ENUMERATOR, team),
        focal_point=focal_point,
        other_focal_point=other,
        partner=owner,
        service=making.service(owner, by=coordinator),
        respondent=making.person(team=team),
    )
