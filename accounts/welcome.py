"""What somebody is told on the first page after they signed in: when they last did, and what was tried since."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.models import User
from accounts.sign_in import LastTime
from kernel import zones


def greet(request: HttpRequest, person: User, last: LastTime) -> None:
    """One line about the last time; a warning when somebody was refused since. Nothing at the very first time."""
    if last.at is None:
        return
    with override(person.interface_language):
        if last.refused:
            messages.warning(request, _refused(last.refused))
        there = timezone.localtime(last.at, zones.zone(person.time_zone))
        sentence = _("You last signed in on %(day)s at %(time)s.")
        messages.info(
            request, sentence % {"day": date_format(there, "j F"), "time": date_format(there, "H:i")}
        )


def _refused(times: int) -> str:
    return ngettext(
        "Since you last signed in, %(times)d try to sign in as you was refused. "
        "If it was not you, tell your administrator now.",
        "Since you last signed in, %(times)d tries to sign in as you were refused. "
        "If it was not you, tell your administrator now.",
        times,
    ) % {"times": times}
