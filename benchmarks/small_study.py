"""A small synthetic study made through the use cases: one team, some enumerators, people with numbers for fiction."""

from datetime import datetime
from uuid import UUID

from accounts import staffing, teams
from accounts.models import Team, User
from accounts.permissions import Role
from casework import enrolling
from casework.joining import Joining, NumberGiven
from consent import wordings
from consent.folding import Decision
from consent.models import Mode
from consent.purposes import Purpose
from followups import plans
from tracker import studies
from tracker.stages import Stage

ASKED = (Purpose.INTERVIEW, Purpose.KEEP_NUMBER, Purpose.RECONTACT)
STAGES = (Stage.ARRIVED, Stage.IN_TRANSIT, Stage.STRANDED, Stage.SETTLED, Stage.RETURNED)
PLACES = (("TN", ""), ("FR", ""), ("EG", ""), ("MX", "America/Mexico_City"))


class SmallStudy:
    """Everything before the first call, as of `began`."""

    def __init__(self, enumerators: int, began: datetime) -> None:
        self.began = began
        self.administrator = staffing.make_administrator(
            username="admin",
            display_name="Admin",
            password="only for a benchmark",
            is_another=False,
            now=began,
        ).person
        details = teams.TeamDetails(code="T1", title="Team", country="TN")
        self.team: Team = teams.create_team(details=details, by=self.administrator, now=began)
        coordinator, second = self._staff("coordinator", Role.COORDINATOR), self._staff("dpo", Role.DPO)
        self.enumerators = [self._staff(f"caller{n}", Role.ENUMERATOR) for n in range(enumerators)]
        self._write_words(coordinator, second)
        wanted = studies.StudyDetails(code="S1", title="Study", teams=frozenset({self.team.pk}))
        self.study = studies.create_study(details=wanted, by=coordinator, now=began)
        plans.make_plan(study=self.study, by=coordinator, now=began)

    def joining(self, number: int) -> tuple[Joining, User]:
        """The form of the n-th person, and who fills it in."""
        country, zone = PLACES[number % len(PLACES)]
        form = Joining(
            study=self.study,
            team=self.team,
            language="en",
            stage=STAGES[number % len(STAGES)],
            answers=dict.fromkeys(ASKED, Decision.GRANTED),
            mode=Mode.IN_PERSON,
            country=country,
            zone=zone,
            numbers=(NumberGiven(number_for_fiction(number)),),
            ask_for="Neighbour",
            id=UUID(int=(number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128),
        )
        return form, self.enumerators[number % len(self.enumerators)]

    def enrol(self, form: Joining, by: User, now: datetime) -> None:
        enrolling.enrol(form=form, by=by, now=now)

    def _staff(self, name: str, role: Role) -> User:
        details = staffing.PersonDetails(
            display_name=name,
            role=role,
            teams=frozenset({self.team.pk}),
            languages=frozenset({"en"}),
        )
        made = staffing.create_person(
            username=name,
            details=details,
            by=self.administrator,
            now=self.began,
            password="only for a benchmark",
        )
        return User.objects.get(pk=made.person.pk)

    def _write_words(self, author: User, second: User) -> None:
        for purpose in ASKED:
            text = f"The exact words about {purpose.value} that are read out."
            draft = wordings.draft(purpose=purpose, language="en", text=text, by=author, now=self.began)
            wordings.approve(wording=draft, by=second, now=self.began)


def number_for_fiction(number: int) -> str:
    """A number of a range that the French regulator keeps for fiction; shared by every ten-thousandth person."""
    return f"+3363998{number % 10_000:04d}"
