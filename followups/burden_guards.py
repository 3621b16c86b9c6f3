"""Database triggers that hold contact burden across studies, whatever program begins an attempt or places a dial.

Method 3.2: two attempts in any 24 hours and five in any 7 days, for a person and for a contact point; 180 minutes
between two attempts, but for a call-back the respondent asked for and one reconnection; the cap of the round's rule,
and one more when the last of its attempts produced a call-back. Only what may have rung counts. A study may be
stricter, which the rules ask before; these are the outer limits, which nothing passes.

Two things stay with the rules: who shares a number is known to the vault alone, so a number is counted here for one
contact point at a time; and the exemption of a reconnection needs an agreement that this looks for on any number.
"""

from typing import Any

SPACING, DAY, WEEK, ROUND, NUMBER_DAY, NUMBER_WEEK, EXEMPT = (
    "burden_spacing", "burden_day", "burden_week", "burden_round", "burden_number_day", "burden_number_week",
    "burden_not_exempt",
)  # fmt: skip
LIMITS = (SPACING, DAY, WEEK, ROUND, NUMBER_DAY, NUMBER_WEEK, EXEMPT)
"""The names under which the database refuses; each is in the error it raises."""

# Each is true when NEW goes over the limit. {ago} and {ahead} shift a moment; both ways, since two clocks may differ.
_RANG = """
    SELECT count(*) FROM followups_attempt one WHERE one.respondent_id = NEW.respondent_id AND one.id <> NEW.id
    AND one.counts_as_burden AND one.started_at > {ago} AND one.started_at < {ahead}
"""
_IN_ROUND = """
    SELECT {what} FROM followups_attempt one
    WHERE one.follow_up_id = NEW.follow_up_id AND one.id <> NEW.id AND one.counts_as_burden
"""
_CAP = """
    SELECT rule.attempt_cap FROM followups_followup owed JOIN followups_rule rule ON rule.id = owed.rule_id
    WHERE owed.id = NEW.follow_up_id
"""
_CALL_BACK_SINCE_LAST = """
    SELECT count(*) FROM followups_appointment asked WHERE asked.follow_up_id = NEW.follow_up_id
    AND asked.state = 'open' AND asked.made_at >= ({last})
"""
_ASKED_FOR_NOW = """
    SELECT 1 FROM followups_appointment asked WHERE asked.follow_up_id = NEW.follow_up_id AND asked.state = 'open'
    AND asked.starts_at <= {soon} AND asked.until >= {just_now}
"""
_CUT_OFF_NOW = """
    SELECT 1 FROM followups_attempt one JOIN tracker_contactpoint point ON point.respondent_id = one.respondent_id
    WHERE one.respondent_id = NEW.respondent_id AND one.id <> NEW.id AND one.disposition = 'technical'
    AND one.recorded_at > {just_now} AND point.may_call_back_if_cut
"""
_DIALLED = """
    SELECT count(*) FROM followups_dial one WHERE one.contact_point_id = NEW.contact_point_id AND one.id <> NEW.id
    AND one.counts_as_burden AND one.state <> 'cancelled' AND one.ordered_at > {ago} AND one.ordered_at < {ahead}
"""
MINUTE, HOUR = 60, 3600
REST, ONE_DAY, SEVEN_DAYS, AROUND, SINCE_CUT = 180 * MINUTE, 24 * HOUR, 168 * HOUR, 15 * MINUTE, 30 * MINUTE


def install(connection: Any) -> None:
    """Put the guards on; those that are there are replaced."""
    remove(connection)
    make = _for_sqlite if connection.vendor == "sqlite" else _for_postgres
    for table, column, checks in (
        ("followups_attempt", "started_at", _of_attempts(connection.vendor)),
        ("followups_dial", "ordered_at", _of_dials(connection.vendor)),
    ):
        for statement in make(table, column, checks):
            _run(connection, statement)


def remove(connection: Any) -> None:
    """Take the guards off: for reversing the migration, and for filling a panel that lived elsewhere."""
    for table in ("followups_attempt", "followups_dial"):
        for verb in ("insert", "update"):
            at = "" if connection.vendor == "sqlite" else f" ON {table}"
            _run(connection, f"DROP TRIGGER IF EXISTS {table}_burden_{verb}{at}")


def limit_in(error: Exception) -> str:
    """Which limit the database named in this error; "" when it is about something else."""
    return next((name for name in LIMITS if name in str(error)), "")


def _of_attempts(vendor: str) -> tuple[tuple[str, str], ...]:
    rang = [_around(_RANG, vendor, "NEW.started_at", seconds) for seconds in (REST, ONE_DAY, SEVEN_DAYS)]
    last = _IN_ROUND.format(what="max(one.started_at)")
    extra = _CALL_BACK_SINCE_LAST.format(last=last)
    made = _IN_ROUND.format(what="count(*)")
    now = "NEW.started_at"
    asked = _ASKED_FOR_NOW.format(soon=_shifted(vendor, now, AROUND), just_now=_shifted(vendor, now, -AROUND))
    cut = _CUT_OFF_NOW.format(just_now=_shifted(vendor, now, -SINCE_CUT))
    return (
        (EXEMPT, f"(NEW.exempt = 'asked' AND NOT EXISTS ({asked}))"),
        (EXEMPT, f"(NEW.exempt = 'reconnection' AND NOT EXISTS ({cut}))"),
        (SPACING, f"(NEW.exempt = '' AND ({rang[0]}) >= 1)"),
        (DAY, f"({rang[1]}) >= 2"),
        (WEEK, f"({rang[2]}) >= 5"),
        (ROUND, f"({made}) >= ({_CAP}) + (CASE WHEN ({extra}) > 0 THEN 1 ELSE 0 END)"),
    )


def _of_dials(vendor: str) -> tuple[tuple[str, str], ...]:
    day, week = (_around(_DIALLED, vendor, "NEW.ordered_at", seconds) for seconds in (ONE_DAY, SEVEN_DAYS))
    return (NUMBER_DAY, f"({day}) >= 2"), (NUMBER_WEEK, f"({week}) >= 5")


def _around(text: str, vendor: str, moment: str, seconds: int) -> str:
    return text.format(ago=_shifted(vendor, moment, -seconds), ahead=_shifted(vendor, moment, seconds))


def _shifted(vendor: str, moment: str, seconds: int) -> str:
    """A moment so many seconds later, exact on PostgreSQL. SQLite shifts to the millisecond: one is given away there,
    so that nothing is refused at the very end of a rest."""
    if vendor != "sqlite":
        return f"({moment} + interval '{seconds} seconds')"
    given = seconds - 0.001 if seconds > 0 else seconds + 0.001
    return f"strftime('%Y-%m-%d %H:%M:%f', {moment}, '{given:+.3f} seconds')"


def _changes(column: str) -> str:
    """An update that makes something begin: at another moment, of somebody else, or what had been taken back."""
    whose = "contact_point_id" if column == "ordered_at" else "respondent_id"
    again = " OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled')" if column == "ordered_at" else ""
    return f"OLD.{column} <> NEW.{column} OR OLD.{whose} <> NEW.{whose}{again}"


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _for_sqlite(table: str, column: str, checks: tuple[tuple[str, str], ...]) -> list[str]:
    body = "\n".join(
        f"SELECT RAISE(ABORT, '{name}: contact burden') WHERE {is_over};" for name, is_over in checks
    )
    return [
        f"CREATE TRIGGER {table}_burden_insert BEFORE INSERT ON {table} BEGIN {body} END",
        f"CREATE TRIGGER {table}_burden_update BEFORE UPDATE ON {table} WHEN {_changes(column)} BEGIN {body} END",
    ]


# --- PostgreSQL -------------------------------------------------------------------------------------------------------

# Whoever begins something waits for whoever is beginning something with the same person, in any study.
_ONE_AT_A_TIME = {
    "followups_attempt": "PERFORM 1 FROM tracker_respondent WHERE id = NEW.respondent_id FOR NO KEY UPDATE;",
    "followups_dial": "PERFORM 1 FROM tracker_respondent WHERE id ="
    " (SELECT respondent_id FROM followups_attempt WHERE id = NEW.attempt_id) FOR NO KEY UPDATE;",
}


def _for_postgres(table: str, column: str, checks: tuple[tuple[str, str], ...]) -> list[str]:
    body = "\n".join(
        f"IF {is_over} THEN RAISE EXCEPTION '{name}: contact burden'"
        f" USING ERRCODE = 'check_violation', CONSTRAINT = '{name}'; END IF;"
        for name, is_over in checks
    )
    call = f"FOR EACH ROW EXECUTE FUNCTION {table}_burden()"
    return [
        f"CREATE OR REPLACE FUNCTION {table}_burden() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN {_ONE_AT_A_TIME[table]} {body} RETURN NEW; END $$",
        f"CREATE TRIGGER {table}_burden_insert BEFORE INSERT ON {table} {call}",
        f"CREATE TRIGGER {table}_burden_update BEFORE UPDATE ON {table}"
        f" FOR EACH ROW WHEN ({_changes(column)}) EXECUTE FUNCTION {table}_burden()",
    ]


def _run(connection: Any, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
