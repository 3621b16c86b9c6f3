"""How figures are written, and the five at the top of the board."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from reports.outcomes import Outcomes
from reports.owing import Owed
from reports.panel import Curve
from reports.rates import Rate


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with the rule by which it was counted; `link` is the kind of owed follow-up behind it."""

    label: str
    value: str
    rule: str
    link: str = ""


def per_cent(rate: Rate | None) -> str:
    """The share in per cent with one decimal, in the reader's format; a dash where it is undefined."""
    if rate is None or rate.value is None:
        return "—"
    return _("%(number)s %%") % {"number": number_format(round(100 * rate.value, 1), 1)}


def top_line(owed: tuple[Owed, ...], current: Outcomes | None, curve: Curve) -> tuple[Figure, ...]:
    """Due now, reached, re-interviewed, retention, at risk."""
    overdue = sum(row.overdue for row in owed)
    return (
        Figure(
            _("Due now"),
            count(sum(row.open for row in owed)),
            _("Open follow-ups; past their day: %(overdue)s.") % {"overdue": count(overdue)},
            link="open",
        ),
        Figure(
            _("Reached this round"),
            per_cent(current.wave.recontact if current else None),
            _of(current, _("Spoken with: %(part)s of %(whole)s issued."), "recontact"),
        ),
        Figure(
            _("Re-interviewed"),
            per_cent(current.wave.reinterview if current else None),
            _of(current, _("Complete or partial: %(part)s of %(whole)s issued."), "reinterview"),
        ),
        Figure(
            _("Retention"),
            per_cent(curve.staying),
            _("Still taking part: %(part)s of %(whole)s who agreed to be called again.")
            % {"part": count(curve.active), "whole": count(curve.followed)},
        ),
        Figure(
            _("At risk"),
            count(sum(row.at_risk for row in owed)),
            _("Open, close within 7 days, fewer than 3 attempts."),
            link="at_risk",
        ),
    )


def count(number: float) -> str:
    """A count in the reader's format."""
    return number_format(int(number), 0, force_grouping=True)


def _of(current: Outcomes | None, sentence: str, rate: str) -> str:
    if current is None:
        return _("Nobody has been issued yet.")
    found: Any = getattr(current.wave, rate)
    return sentence % {"part": count(found.numerator), "whole": count(found.denominator)}
