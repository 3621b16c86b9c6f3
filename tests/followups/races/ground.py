"""The small crowd that everybody races for: some of them in two studies, all of them callable around the clock."""

from datetime import UTC, datetime, time, timedelta

BEHIND = timedelta(days=40)


def prepare(people: int, callers: int) -> None:
    """Callers, and people whose follow-ups are ready now; every second one is owed an interview to two studies."""
    from benchmarks.small_study import SmallStudy

    began = datetime.now(UTC) - BEHIND
    study = SmallStudy(callers, began)
    for number in range(people):
        form, by = study.joining(number)
        study.enrol(form, by, began)
    _second_study(study, began)
    _ready_now()


def _second_study(study, began: datetime) -> None:
    from accounts.models import User
    from accounts.permissions import Role
    from followups import planning, plans
    from tracker import studies
    from tracker.models import Enrolment, Respondent

    coordinator = User.objects.get(role=Role.COORDINATOR)
    wanted = studies.StudyDetails(code="S2", title="Second study", teams=frozenset({study.team.pk}))
    second = studies.create_study(details=wanted, by=coordinator, now=began)
    plans.make_plan(study=second, by=coordinator, now=began)
    for person in Respondent.objects.order_by("pk")[::2]:
        place = Enrolment.objects.create(respondent=person, study=second, at=began)
        planning.plan_next(enrolment=place, now=began)


def _ready_now() -> None:
    """On no clock is it night for them: what is raced for is who takes them, not when."""
    from followups.models import FollowUp
    from followups.models.follow_ups import State
    from tracker.models import Study

    now = datetime.now(UTC)
    Study.objects.update(calling_from=time(0), calling_until=time(23, 59, 59))
    FollowUp.objects.update(
        state=State.READY,
        issued_at=now - timedelta(days=1),
        opens_at=now - timedelta(days=1),
        due_at=now + timedelta(days=10),
        closes_at=now + timedelta(days=20),
        ready_from=now - timedelta(hours=1),
        ready_until=now + timedelta(days=1),
        look_at=now + timedelta(days=1),
        has_begun=True,
    )
