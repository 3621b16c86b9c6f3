"""What members of staff still lack before they can work: counted for the staff page, and the list behind each count."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Users
from accounts.permissions import Role

WORK_IN_TEAMS = (Role.ENUMERATOR, Role.COORDINATOR)


class Lack(models.TextChoices):
    """One thing without which somebody cannot begin."""

    SIGN_IN = "sign_in", _("People who have not signed in yet")
    TEAM = "team", _("People who are in no team")
    LANGUAGE = "language", _("Enumerators without a language")
    SHIFT = "shift", _("Enumerators without a shift")


@dataclass(frozen=True, slots=True)
class Wait:
    """One line of what waits, and the page where it is dealt with. `is_pressing` where somebody is owed an answer."""

    how_many: int
    sentence: str
    url: str
    is_pressing: bool = False


def lacking(people: Users, lack: Lack) -> Users:
    """Those of `people` with an open account who lack it."""
    return people.working().filter(MEANING[lack])


def staff_waits(people: Users) -> tuple[Wait, ...]:
    """What `people` lack, in one query a line; what nobody lacks is left out."""
    counted = ((lack, lacking(people, lack).count()) for lack in Lack)
    return tuple(
        Wait(n, SENTENCE[lack](n) % {"n": n}, reverse("accounts:staff", query={"lack": lack.value}))
        for lack, n in counted
        if n
    )


MEANING: dict[Lack, models.Q] = {
    Lack.SIGN_IN: models.Q(last_login=None),
    Lack.TEAM: models.Q(teams=None, role__in=WORK_IN_TEAMS),
    Lack.LANGUAGE: models.Q(languages=None, role=Role.ENUMERATOR),
    Lack.SHIFT: models.Q(shifts=None, role=Role.ENUMERATOR),
}

SENTENCE: dict[Lack, Callable[[int], str]] = {
    Lack.SIGN_IN: lambda n: ngettext(
        "%(n)s person has not signed in yet. Have they got their first password?",
        "%(n)s people have not signed in yet. Have they got their first password?",
        n,
    ),
    Lack.TEAM: lambda n: ngettext(
        "%(n)s person is in no team, and sees nobody.", "%(n)s people are in no team, and see nobody.", n
    ),
    Lack.LANGUAGE: lambda n: ngettext(
        "%(n)s enumerator has no language, and is offered nobody.",
        "%(n)s enumerators have no language, and are offered nobody.",
        n,
    ),
    Lack.SHIFT: lambda n: ngettext(
        "%(n)s enumerator has no shift, and is not counted on.",
        "%(n)s enumerators have no shift, and are not counted on.",
        n,
    ),
}
