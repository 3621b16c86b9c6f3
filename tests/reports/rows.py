"""Rows for the reports' tests, written in bulk: what the reports read, and nothing they do not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from accounts.models import Shift, StaffLanguage, Team, User
from accounts.permissions import Role
from followups.models import FollowUp, Plan, Rule
from tracker import spoken_codes
from tracker.models import Enrolment, Respondent, Study

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
"""A Tuesday morning."""
DAY = timedelta(days=1)


def team(code="T1"):
    return Team.objects.get_or_create(code=code, defaults={"title": f"Team {code}", "country": "TN"})[0]


def staff(role=Role.COORDINATOR, *, teams=(), languages=(), shifts=(), **columns):
    username = columns.pop("username", f"{role.value}-{User.objects.count() + 1}".replace("_", "-"))
    made = User(username=username, display_name=username.title(), role=role, **columns)
    made.set_unusable_password()
    made.save()
    made.teams.set(teams)
    StaffLanguage.objects.bulk_create(StaffLanguage(user=made, language=code) for code in languages)
    Shift.objects.bulk_create(
        Shift(user=made, weekday=day, starts=time(start), ends=time(end)) for day, start, end in shifts
    )
    return made


def study(code="S1", *, kind="rolling"):
    made, is_new = Study.objects.get_or_create(
        code=code, defaults={"title": f"Study {code}", "kind": kind, "created_at": NOW}
    )
    if is_new:
        plan = Plan.objects.create(study=made, version=1, made_at=NOW)
        Rule.objects.create(
            plan=plan,
            stage="arrived",
            interval_days=[30],
            early_days=5,
            late_days=10,
            attempt_cap=6,
            outbound=True,
        )
    return made


def rule(of):
    return Rule.objects.get(plan__study=of)


def people(
    how_many, *, in_team=None, in_study=None, is_followed=True, language="ti", stage="arrived", **columns
):
    """Enrolments of as many new respondents."""
    in_team, in_study = in_team or team(), in_study or study()
    columns = {"status": "active" if is_followed else "baseline_only", "status_at": NOW, **columns}
    made = Respondent.objects.bulk_create(
        Respondent(
            code=spoken_codes.draw(),
            team=in_team,
            language=language,
            stage=stage,
            stage_since=NOW,
            zones=["UTC"],
            created_month=date(2026, 1, 1),
            **columns,
        )
        for _ in range(how_many)
    )
    return Enrolment.objects.bulk_create(
        Enrolment(respondent=one, study=in_study, at=NOW - 60 * DAY, is_followed=is_followed) for one in made
    )


def follow_up(enrolment, round_number=1, **columns):
    """An unsaved follow-up of a round that opened five days ago and is live, unless `columns` say otherwise."""
    person = enrolment.respondent
    given = {
        "state": "resting",
        "opens_at": NOW - 5 * DAY,
        "due_at": NOW + DAY,
        "closes_at": NOW + 20 * DAY,
        "issued_at": NOW - 5 * DAY,
        "team": person.team,
        "language": person.language,
        "stage": person.stage,
        "caller_gender": person.caller_gender,
        **columns,
    }
    return FollowUp(
        enrolment=enrolment,
        respondent=person,
        rule=given.pop("rule", None) or rule(enrolment.study),
        round_number=round_number,
        **given,
    )


ENDS = {
    "I": ("done", "", "1.1"),
    "P": ("done", "", "1.2"),
    "R": ("cancelled", "refused", "2.11"),
    "NC": ("missed", "window_closed", "2.20"),
    "O": ("cancelled", "unable", "2.32"),
    "UO": ("missed", "cap_reached", "3.90"),
    "NE": ("cancelled", "ineligible", "4.70"),
}


def ended(enrolment, letter, round_number=1, **columns):
    """An unsaved follow-up that ended with this letter."""
    state, why, aapor = ENDS[letter]
    return follow_up(
        enrolment,
        round_number,
        **{"state": state, "ended": why, "letter": letter, "aapor": aapor, "closed_at": NOW - DAY, **columns},
    )


def round_of(enrolments, letters, round_number=1, **columns):
    """As many of each letter as `letters` says, written in one go; the rest of the enrolments get nothing."""
    line = iter(enrolments)
    one_rule = rule(enrolments[0].study)
    return FollowUp.objects.bulk_create(
        ended(next(line), letter, round_number, rule=one_rule, **columns)
        for letter, how_many in letters.items()
        for _ in range(how_many)
    )
