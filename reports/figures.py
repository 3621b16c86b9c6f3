"""How figures are written, and the five at the top of the board."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from reports.outcomes import Outcomes
from reports.owing import Owed
from reports.panel import Curve
from reports.rates import Rate
from reports.trends import Before


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with the rule by which it was counted; `link` is the kind of owed follow-up behind it.

    `trend` says in words what it was before; `kind` whether the change is good, where it can be said.
    """

    label: str
    value: str
    rule: str
    link: str = ""
    trend: str = ""
    direction: str = ""
    kind: str = ""


def per_cent(rate: Rate | None) -> str:
    """The share in per cent with one decimal, in the reader's format; a dash where it is undefined."""
    if rate is None or rate.value is None:
        return "—"
    return _("%(number)s %%") % {"number": _decimal(rate.value)}


def between(rate: Rate) -> str:
    """The 95 % range of a share, in per cent; a dash where it is undefined."""
    if rate.interval is None:
        return "—"
    low, high = rate.interval
    return _("%(low)s–%(high)s %%") % {"low": _decimal(low), "high": _decimal(high)}


def points(difference: float) -> str:
    """A difference of two shares in percentage points, with one decimal."""
    return _decimal(difference)


def top_line(
    owed: tuple[Owed, ...], current: Outcomes | None, curve: Curve, before: Before
) -> tuple[Figure, ...]:
    """Due now, reached, re-interviewed, retention, at risk: each with its rule, and with how it stood before."""
    return (
        _due(owed, before),
        *_of_the_period(current, before),
        _staying(curve, before),
        _risky(owed, before),
    )


def _due(owed: tuple[Owed, ...], before: Before) -> Figure:
    open_now = sum(row.open for row in owed)
    rule = _("Open follow-ups; past their day: %(overdue)s.") % {
        "overdue": count(sum(row.overdue for row in owed))
    }
    figure = Figure(_("Due now"), count(open_now), rule, link="open")
    return _counts(figure, open_now, before.open)


def _of_the_period(current: Outcomes | None, before: Before) -> tuple[Figure, Figure]:
    reached = current.wave.recontact if current else None
    again = current.wave.reinterview if current else None
    spoken = _of(reached, _("Spoken with: %(part)s of %(whole)s issued."))
    interviewed = _of(again, _("Complete or partial: %(part)s of %(whole)s issued."))
    period = before.period
    if current is not None and current.month is not None:
        then = _("Same day last month: %(value)s")
    else:
        then = _("Last round, at this point: %(value)s")
    return (
        _rates(
            Figure(_("Reached this round"), per_cent(reached), spoken),
            reached,
            period.recontact if period else None,
            then,
        ),
        _rates(
            Figure(_("Re-interviewed"), per_cent(again), interviewed),
            again,
            period.reinterview if period else None,
            then,
        ),
    )


def _staying(curve: Curve, before: Before) -> Figure:
    rule = _("Still taking part: %(part)s of %(whole)s who agreed to be called again.") % {
        "part": count(curve.active),
        "whole": count(curve.followed),
    }
    figure = Figure(_("Retention"), per_cent(curve.staying), rule)
    return _rates(figure, curve.staying, before.staying, _("7 days ago: %(value)s"))


def _risky(owed: tuple[Owed, ...], before: Before) -> Figure:
    at_risk = sum(row.at_risk for row in owed)
    rule = _("Open, close within 7 days, fewer than 3 attempts.")
    figure = Figure(_("At risk"), count(at_risk), rule, link="at_risk")
    return _counts(figure, at_risk, before.at_risk, is_better=at_risk < before.at_risk)


def count(number: float) -> str:
    """A count in the reader's format."""
    return number_format(int(number), 0, force_grouping=True)


def _of(rate: Rate | None, sentence: str) -> str:
    if rate is None:
        return _("Nobody has been issued yet.")
    return sentence % {"part": count(rate.numerator), "whole": count(rate.denominator)}


def _counts(figure: Figure, now: int, then: int, *, is_better: bool | None = None) -> Figure:
    """With what it was a week ago; of work to do it cannot be said whether more of it is good."""
    return _with_trend(figure, now - then, _("7 days ago: %(value)s") % {"value": count(then)}, is_better)


def _rates(figure: Figure, now: Rate | None, then: Rate | None, sentence: str) -> Figure:
    if now is None or then is None or now.value is None or then.value is None:
        return figure
    change = round(1000 * now.value) - round(1000 * then.value)
    return _with_trend(figure, change, sentence % {"value": per_cent(then)}, change > 0)


def _with_trend(figure: Figure, change: float, trend: str, is_better: bool | None) -> Figure:
    direction = "up" if change > 0 else "down" if change < 0 else "level"
    kind = "" if not change or is_better is None else "ready" if is_better else "attention"
    return replace(figure, trend=trend, direction=direction, kind=kind)


def _decimal(share: Any) -> str:
    return number_format(round(100 * share, 1), 1)
