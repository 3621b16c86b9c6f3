"""Lists of respondents: who they are by code, where they stand, and never how to reach them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from audit.actions import Action
from audit.models import AuditEvent
from kernel import languages
from tracker.labels import stage_label
from tracker.models import Respondent
from tracker.models.respondents import Status

PAGE = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One respondent in a list."""

    respondent: Respondent
    what: str
    kind: str
    word: str


def found(by: User, sought: dict[str, Any]) -> Any:
    """The respondents the reader may know of that match what they seek; a misheard code raises `code_check_failed`."""
    people = Respondent.objects.visible_to(by).order_by("code")
    if sought.get("code"):
        people = people.with_code(sought["code"])
    if sought.get("stage"):
        people = people.filter(stage=sought["stage"])
    if sought.get("status") == "erasure_asked":
        return people.filter(audit_ref__in=erasures_asked()) if by.may(Permission.ERASE) else people.none()
    return people.filter(status=sought["status"]) if sought.get("status") else people


def erasures_asked() -> Any:
    """The references of everyone who asked to be erased; of those erased nobody can be found by them any more."""
    return AuditEvent.objects.filter(action=Action.ERASE_REQUESTED).values("audit_ref")


def lines_of(people: list[Respondent]) -> list[Line]:
    """What a list shows of each."""
    return [
        Line(
            one,
            f"{language_name(one.language)} · {stage_label(one.stage)}",
            _kind(one),
            _word(one),
        )
        for one in people
    ]


def language_name(code: str) -> str:
    """The language in the reader's language; not said for somebody erased."""
    return languages.names(code, get_language() or "en") if code else _("not said")


def _word(respondent: Respondent) -> str:
    """Why somebody is not called, in as few words as a phone has room for; "" for those taking part, the many."""
    if respondent.status == Status.ACTIVE:
        return ""
    is_counted = respondent.status == Status.BASELINE_ONLY
    return _("counted only") if is_counted else str(respondent.get_status_display())


def _kind(respondent: Respondent) -> str:
    return "stop" if respondent.status == Status.STOPPED else ""
