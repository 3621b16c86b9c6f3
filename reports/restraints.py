"""Who cannot be called and why: holds, unsafe flags, and the waiting counts that the tick writes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, Sum

from followups.models import Hold, WaitingCount
from followups.models.restraints import HoldKind
from followups.scheduling.explanations import IN_SHORT, OPEN_ENDED
from followups.scheduling.reasons import Reason
from reports.wanted import Wanted

RECENTLY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class HoldLine:
    """Holds of one kind: those in force, and those somebody should look at."""

    code: str
    kind: str
    standing: int
    due_for_review: int


@dataclass(frozen=True, slots=True)
class Unsafe:
    """Safety flags: those that stand, and those raised in the last seven days."""

    standing: int
    raised: int


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """How many wait for one thing."""

    code: str
    waits_for: str
    how_many: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the tick counted, and when; None where it has not counted yet."""

    lines: tuple[WaitingLine, ...]
    counted_at: datetime | None

    @property
    def total(self) -> int:
        return sum(line.how_many for line in self.lines)


def holds(wanted: Wanted) -> tuple[HoldLine, ...]:
    """By kind, in the order of the kinds; kinds without a hold are left out."""
    now = wanted.now
    counted = (
        Hold.objects.filter(wanted.about_respondents(), lifted_at__isnull=True)
        .order_by()
        .values_list("kind")
        .annotate(
            standing=Count("pk", filter=Q(until__isnull=True) | Q(until__gt=now)),
            due=Count("pk", filter=Q(review_at__lte=now)),
        )
    )
    found = {kind: (standing, due) for kind, standing, due in counted if standing or due}
    return tuple(
        HoldLine(kind.value, str(kind.label), *found[kind.value]) for kind in HoldKind if kind.value in found
    )


def unsafe(wanted: Wanted) -> Unsafe:
    """Flags of safety, whoever raised them."""
    flags = Hold.objects.filter(wanted.about_respondents(), kind=HoldKind.SAFETY)
    stands = Q(lifted_at__isnull=True) & (Q(until__isnull=True) | Q(until__gt=wanted.now))
    return Unsafe(
        **flags.aggregate(
            standing=Count("pk", filter=stands),
            raised=Count("pk", filter=Q(placed_at__gte=wanted.now - RECENTLY)),
        )
    )


def waiting(wanted: Wanted) -> Waiting:
    """Reasons by how many wait for them. An aggregate: only teams and languages narrow it."""
    counted = list(
        WaitingCount.objects.filter(wanted.teams())
        .values("reason")
        .annotate(total=Sum("how_many"), oldest=Min("counted_at"))
        .order_by("-total", "reason")
    )
    lines = tuple(WaitingLine(row["reason"], waited_for(row["reason"]), row["total"]) for row in counted)
    return Waiting(lines, min((row["oldest"] for row in counted), default=None))


def waited_for(code: str) -> str:
    """What is waited for in a few words, or in a sentence where nothing but a sentence tells it."""
    reason = Reason(code)
    return str(IN_SHORT.get(reason, OPEN_ENDED[reason]))
