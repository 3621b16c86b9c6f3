"""What is known about one phone number (AAPOR Standard Definitions, 9th ed. 2016, number-level codes)."""

from enum import StrEnum


class NumberStatus(StrEnum):
    """Stored on the contact point with the date it was learned."""

    ACTIVE = "active"
    UNVERIFIED = "unverified"
    TEMPORARILY_OFF = "temporarily_off"  # switched off, out of coverage, technical (3.16)
    NO_ANSWER_STREAK = "no_answer_streak"
    OUT_OF_SERVICE_TEMP = "out_of_service_temp"  # 4.33
    DISCONNECTED = "disconnected"  # 4.32
    NON_WORKING = "non_working"  # 4.31
    CHANGED = "changed"  # 4.41: an old number, kept in quarantine only so that it is not dialled by mistake
    WRONG_PERSON = "wrong_person"
    UNSAFE = "unsafe"
    WITHDRAWN = "withdrawn"


DIALABLE = frozenset(
    {
        NumberStatus.ACTIVE,
        NumberStatus.UNVERIFIED,
        NumberStatus.TEMPORARILY_OFF,
        NumberStatus.NO_ANSWER_STREAK,
        NumberStatus.OUT_OF_SERVICE_TEMP,
    }
)

HARMFUL = frozenset({NumberStatus.WRONG_PERSON, NumberStatus.UNSAFE})
"""Statuses that hold at once for everyone who shares the number."""

TAKEN_BACK_BY_A_SECOND_LOOK = frozenset(
    {
        NumberStatus.WRONG_PERSON,
        NumberStatus.NON_WORKING,
        NumberStatus.DISCONNECTED,
        NumberStatus.CHANGED,
    }
)
"""Marks that a slip may have made and two people may take back. Unsafe and barred are never among them."""


def is_dialable(status: NumberStatus) -> bool:
    """Whether a number of this status may be dialled at all; a status added later is not, until it is listed."""
    return status in DIALABLE
