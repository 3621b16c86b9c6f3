"""Ends what a closed study is still owed: nobody is called for it any more."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from followups import ending
from followups.models import Claim, FollowUp, Rule
from followups.models.follow_ups import Ended
from followups.ticking.batches import Owed, in_batches
from kernel.budgets import Keep
from kernel.statements import statement


def end_closed(now: datetime, keep: Keep) -> int:
    """Cancel what is planned or issued in closed studies, with a reason; a call in progress may finish."""
    rules = list(_closed())
    if not rules:
        return 0
    in_a_call = Claim.objects.live(now).values("respondent")
    owed = FollowUp.objects.owed_by(rules).exclude(respondent__in=in_a_call)
    return in_batches(Owed(owed), now, keep, lambda rows: _end(rows, now))


def _end(rows: list[FollowUp], now: datetime) -> None:
    for row in rows:
        ending.cancel(row, Ended.STUDY_CLOSED, now=now)


@statement
def _closed() -> QuerySet[Rule, UUID]:
    return Rule.objects.filter(plan__study__closed_at__isnull=False).order_by().values_list("pk", flat=True)
