"""What the shell around every page needs: the menu of the reader's role and the signs of practice."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from config.demo_clock import demo_clock_on
from config.home import tour_here
from followups import gateways


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu: shown to those who hold the permission."""

    label: Any
    url_name: str
    permission: Permission


MENU = (
    Entry(_("Today"), "followups:today", Permission.CALL),
    Entry(_("Board"), "reports:board", Permission.VIEW_REPORTS),
    Entry(_("Requests"), "orientation:inbox", Permission.HANDLE_ORIENTATION),
    Entry(_("Respondents"), "casework:respondents", Permission.VIEW_RESPONDENTS),
    Entry(_("Enrol someone"), "casework:enrol", Permission.ENROL),
    Entry(_("Record a stop"), "casework:stop", Permission.RECORD_STOP),
    Entry(_("Studies"), "tracker:studies", Permission.EDIT_STUDIES),
    Entry(_("Wordings"), "consent:wordings", Permission.APPROVE_WORDINGS),
    Entry(_("Partners"), "orientation:partners", Permission.EDIT_PARTNERS),
    Entry(_("Staff"), "accounts:staff", Permission.EDIT_SHIFTS),
    Entry(_("Background"), "background", Permission.SEE_BACKGROUND),
    Entry(_("Trail"), "reports:trail", Permission.READ_TRAIL),
    Entry(_("What is held"), "reports:register", Permission.SEE_REGISTER),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """`navigation` for the bar, `tour` for a first page, the signs of synthetic data and practice, the demo's clock."""
    return {
        "navigation": _navigation(request),
        "tour": tour_here(request),
        "is_demo": settings.RECONTACT_DEMO,
        "is_practice": gateways.practice.name == settings.GATEWAY,
        "demo_clock": demo_clock_on(request),
    }


def _navigation(request: HttpRequest) -> list[tuple[str, str, bool]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    entries = [(entry, reverse(entry.url_name)) for entry in MENU if user.may(entry.permission)]
    return [(entry.label, url, request.path.startswith(url)) for entry, url in entries]
