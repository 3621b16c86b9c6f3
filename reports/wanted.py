"""What a reader asked to see: their scope, narrowed by the filters in the address."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Team, User
from accounts.scoping import by_team
from followups.models import FollowUp
from followups.models.follow_ups import FollowUps
from reports.months import begins_at, month_after
from tracker.models import Enrolment, Study


@dataclass(frozen=True, slots=True)
class Wanted:
    """The reader, the moment, and what they narrow to; an empty filter narrows nothing."""

    reader: User
    now: datetime
    study: Study | None = None
    round_number: int | None = None
    month: date | None = None
    team: Team | None = None
    language: str = ""
    stage: str = ""

    def follow_ups(self) -> FollowUps:
        """Those in the reader's teams that the filters name; the month of opening is for `issued` only."""
        asked = {
            "enrolment__study": self.study,
            "round_number": self.round_number,
            "team": self.team,
            "language": self.language,
            "stage": self.stage,
        }
        return FollowUp.objects.visible_to(self.reader).filter(**_said(asked))

    def issued(self) -> FollowUps:
        """Those whose window has opened, in the month asked for."""
        issued = self.follow_ups().filter(issued_at__isnull=False)
        if self.month is None:
            return issued
        zone_name = self.reader.time_zone
        ends_at = begins_at(month_after(self.month), zone_name)
        return issued.filter(issued_at__gte=begins_at(self.month, zone_name), issued_at__lt=ends_at)

    def enrolments(self) -> QuerySet[Enrolment]:
        """Places in studies. People change stage, so a stage does not narrow them."""
        return Enrolment.objects.filter(self._people("respondent"), **_said({"study": self.study}))

    def history(self) -> FollowUps:
        """Every follow-up of `enrolments`, whatever team or language was theirs at the time."""
        asked = _said({"enrolment__study": self.study})
        return FollowUp.objects.filter(self._people("respondent"), enrolment__is_followed=True, **asked)

    def about_respondents(self) -> Q:
        """For rows that hang on a respondent alone, such as holds: also by the stage they are at now."""
        asked = {"respondent__enrolments__study": self.study, "respondent__stage": self.stage}
        return self._people("respondent") & Q(**_said(asked))

    def teams(self) -> Q:
        """For rows that carry a team and a language of their own."""
        return by_team(self.reader) & Q(**_said({"team": self.team, "language": self.language}))

    def _people(self, path: str) -> Q:
        asked = {f"{path}__team": self.team, f"{path}__language": self.language}
        return by_team(self.reader, f"{path}__team") & Q(**_said(asked))


def _said(asked: dict[str, Any]) -> dict[str, Any]:
    """Only the filters that were given."""
    return {name: value for name, value in asked.items() if value not in (None, "")}
