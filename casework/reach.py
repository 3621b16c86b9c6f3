"""How somebody may be reached, in words: whose each number is, what is known of it, and when it is safe."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Weekday
from tracker.labels import NUMBER_STATUS_LABELS
from tracker.models import ContactPoint
from tracker.number_status import TAKEN_BACK_BY_A_SECOND_LOOK, NumberStatus, is_dialable


@dataclass(frozen=True, slots=True)
class Reach:
    """One contact point as it is shown: whose it is, what is known of it, when it is safe."""

    id: UUID
    whose: str
    status: str
    is_usable: bool
    may_be_taken_back: bool
    safe: tuple[str, ...]


def shown(point: ContactPoint) -> Reach:
    """One contact point as the page of a person shows it; never the number itself."""
    status = NumberStatus(point.status)
    word = (
        _("never dialled, as somebody who answers it asked")
        if point.is_barred
        else NUMBER_STATUS_LABELS[status]
    )
    return Reach(
        id=point.pk,
        whose=point.get_whose_display(),
        status=str(word),
        is_usable=is_usable(point),
        may_be_taken_back=status in TAKEN_BACK_BY_A_SECOND_LOOK and not point.is_barred,
        safe=tuple(_safe(point)),
    )


def is_usable(point: ContactPoint) -> bool:
    """Whether the number may be dialled, by what is known of it."""
    return is_dialable(NumberStatus(point.status)) and not point.is_barred


def _safe(point: ContactPoint) -> list[str]:
    """The rules in words, in the order in which they matter; a rule nobody stated is left out."""
    told = []
    if len(point.safe_days) < len(Weekday):
        told.append(
            _("only on %(days)s") % {"days": ", ".join(str(Weekday(day).label) for day in point.safe_days)}
        )
    if point.safe_from and point.safe_until:
        told.append(_("from %(start)s to %(end)s, their time") % _hours(point.safe_from, point.safe_until))
    if point.unsafe_from and point.unsafe_until:
        told.append(
            _("never from %(start)s to %(end)s, their time") % _hours(point.unsafe_from, point.unsafe_until)
        )
    yes = {
        "may_talk_to_others": _("we may speak to whoever answers"),
        "may_message": _("messages are safe"),
        "may_leave_message": _("a message may be left"),
        "may_call_back_if_cut": _("we may call back once if the line drops"),
    }
    told += [sentence for name, sentence in yes.items() if getattr(point, name)]
    if point.safe_phrase is not None:
        told.append(_("there is a safe phrase, shown during a call"))
    if point.cover_words is not None:
        told.append(_("there are words for whoever answers, shown during a call"))
    return told


def _hours(start: time, end: time) -> dict[str, str]:
    return {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
