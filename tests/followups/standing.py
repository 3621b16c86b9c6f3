"""What the tables say of people and their calls, without the ids each run makes anew: for comparing two runs."""

from collections import Counter
from contextlib import contextmanager

from django.db import transaction

from audit.models import AuditEvent
from followups.models import Appointment, Attempt, Claim, Dial, FollowUp, Hold, WaitingCount
from tracker.models import Round

MADE_ANEW = {"id", "attempt_id", "claim_id", "follow_up_id", "survey_token", "counted_at"}


@contextmanager
def taken_back():
    """Whatever happens inside has not happened afterwards: for examples and runs that start from the same rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def standing(*left_out):
    """Every row that time or a call moves, as values, and what the trail tells of it."""
    rows = {
        model.__name__: Counter(_values(row, left_out) for row in model.objects.order_by().values())
        for model in (FollowUp, Claim, Attempt, Dial, Appointment, Hold, WaitingCount, Round)
    }
    told = AuditEvent.objects.order_by().values_list("action", "at", "audit_ref", "reason", "outcome")
    return {**rows, "trail": Counter(told)}


def _values(row, left_out):
    kept = {name: value for name, value in row.items() if name not in MADE_ANEW and name not in left_out}
    return tuple(sorted((name, repr(value)) for name, value in kept.items()))


def standing_after(*verbs):
    """How things stand after these, which are then taken back."""
    with taken_back():
        for verb in verbs:
            verb()
        return standing()
