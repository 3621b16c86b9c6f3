"""Months on a reader's clock: where each begins and ends in UTC."""

from datetime import date, datetime, time

from kernel import zones


def month_of(at: datetime, zone_name: str) -> date:
    """The first day of the month in which `at` falls on the clock of `zone_name`."""
    return zones.local(at, zone_name).date().replace(day=1)


def month_after(month: date) -> date:
    """The first day of the month after this one."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_before(month: date) -> date:
    """The first day of the month before this one."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def latest_months(now: datetime, zone_name: str, how_many: int) -> tuple[date, ...]:
    """The first days of the present month and of those before it, newest first."""
    months = [month_of(now, zone_name)]
    while len(months) < how_many:
        months.append(month_before(months[-1]))
    return tuple(months)


def begins_at(on: date, zone_name: str) -> datetime:
    """The UTC instant at which this day begins on the clock of `zone_name`."""
    return zones.at_local(on, time(), zone_name)
