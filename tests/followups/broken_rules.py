"""Rules of the queue taken away, and fixed histories in which each is missed."""

from django.db import connection

from consent.folding import Decision
from consent.purposes import Purpose
from followups import burden_guards
from followups.scheduling import hard_filters, number_rules
from followups.scheduling.reasons import Reason

TUNIS = ("TN", "Africa/Tunis")
TRY = ("call", 0, "no_answer")
HOLD_BOTH = (("hold", 0, None), ("hold", 1, None))
WITHDRAW_BOTH = tuple(("say", one, Purpose.RECONTACT, Decision.WITHDRAWN, 0) for one in (0, 1))
RULES_OF_REST = frozenset(
    {Reason.DAY_CAP, Reason.WEEK_CAP, Reason.SPACING, Reason.RESTING, Reason.NUMBER_BURDEN}
)


def take_away(monkeypatch, *reasons, guards_stay=False):
    """Have nobody ask after these for the rest of the test."""
    left = tuple(rule for rule in hard_filters.RULES if rule.reason not in reasons)
    assert len(left) == len(hard_filters.RULES) - len(reasons)
    monkeypatch.setattr(hard_filters, "RULES", left)
    if set(reasons) >= RULES_OF_REST and not guards_stay:
        # The third wall is in the database; what takes it off goes with the test's transaction.
        burden_guards.remove(connection)
    # The choice of the number asks again whether it is tired and the hour safe: a second wall, taken away too.
    if Reason.NUMBER_BURDEN in reasons:
        monkeypatch.setattr(number_rules, "_tired", lambda number, situation: ())
    if Reason.OUTSIDE_SAFE_TIMES in reasons:
        monkeypatch.setattr(number_rules, "is_safe_at", lambda *of: True)
