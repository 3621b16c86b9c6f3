"""A plan's rules as lines of a table."""

from collections.abc import Mapping
from dataclasses import dataclass

from followups.scheduling.rules import StageRule
from tracker.labels import stage_label
from tracker.stages import Stage


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One stage: its name for the reader, its ladder as text, and the rule."""

    label: str
    ladder: str
    rule: StageRule


def rows_of(rules: Mapping[Stage, StageRule]) -> list[RuleRow]:
    """One line per stage."""
    return [
        RuleRow(stage_label(stage), ", ".join(str(days) for days in rule.interval_days), rule)
        for stage, rule in rules.items()
    ]
