"""Prints the tables of docs/GLOSSARY.md from the code that decides: python -m tests.config.glossary_tables"""

from collections.abc import Iterable, Sequence

from django.utils import translation

from consent.purposes import RULES, PurposeRule, Stops
from followups.dispositions import DISPOSITIONS
from followups.scheduling.outcomes import Disposition, FollowUpOutcome

STOPS = {
    Stops.CALLS: "all calls",
    Stops.NUMBERS: "the use of every number",
    Stops.MESSAGES: "messages",
    Stops.TRUSTED_CONTACTS: "asking trusted persons",
    Stops.ORIENTATION_REQUEST: "that request; the partner's view closes",
    Stops.SHARING: "sharing from then on",
    Stops.INTERVIEW: "the interview",
}
BECOMES = {
    FollowUpOutcome.DONE: "done",
    FollowUpOutcome.RESTING: "rests",
    FollowUpOutcome.CLOSES: "closes",
}


def purposes() -> str:
    """One row per purpose of consent."""
    return _table(
        ("Purpose", "Code", "Needs", "Stands for", "Withdrawing it stops"),
        (_purpose_row(rule) for rule in RULES.values()),
    )


def dispositions() -> str:
    """One row per outcome an enumerator may record."""
    return _table(
        (
            "Outcome",
            "Code",
            "AAPOR",
            "Letter",
            "The follow-up",
            "Rest",
            "Hold",
            "The number becomes",
            "Counts",
        ),
        (_disposition_row(one) for one in DISPOSITIONS.values()),
    )


def _purpose_row(rule: PurposeRule) -> Sequence[str]:
    return (
        str(rule.purpose.label),
        f"`{rule.purpose.value}`",
        ", ".join(f"`{one.value}`" for one in rule.needs) or "–",
        "1 day" if rule.valid_days == 1 else f"{rule.valid_days} days",
        ", ".join(STOPS[one] for one in rule.stops),
    )


def _disposition_row(one: Disposition) -> Sequence[str]:
    ends = "all contact ends" if one.ends_contact else BECOMES[one.follow_up]
    return (
        str(one.label),
        f"`{one.code}`",
        one.aapor,
        one.letter.value if one.letter else "–",
        ends,
        _rest(one.delay_minutes),
        _hold(one),
        one.number_effect.value if one.number_effect else "barred" if one.bars_number else "–",
        "yes" if one.counts_as_burden else "no",
    )


def _rest(minutes: int) -> str:
    if not minutes:
        return "–"
    return f"{minutes // 60} h" if minutes % (24 * 60) else f"{minutes // (24 * 60)} d"


def _hold(one: Disposition) -> str:
    if one.hold is None:
        return "–"
    return (
        f"{one.hold.kind.value}, {one.hold.days} d"
        if one.hold.days
        else f"{one.hold.kind.value}, until reviewed"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    from tests.services import environment  # noqa: F401  (before Django reads its settings)
    import os  # isort: skip

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # isort: skip

    django.setup()
    with translation.override("en"):
        print(purposes(), dispositions(), sep="\n\n")  # noqa: T201
