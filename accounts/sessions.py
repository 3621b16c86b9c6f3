"""Sessions of staff: what begins with one, how long it lasts, and ending others."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import logout, update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Ended, StaffSession, User
from accounts.permissions import Permission
from accounts.telling import tell
from audit.actions import Action
from kernel import clock
from kernel.errors import Forbidden, Sentence

LONGEST = timedelta(hours=10)
SEEN_EVERY = timedelta(minutes=5)
RECORDS, RECORDS_OF = "account_authentication_methods", "account_authentication_methods_user"
"""allauth's session keys: what was given when, and by whom."""
SESSION, SEEN = "staff_session", "staff_session_seen"
BROWSERS = ("Edg", "Firefox", "SamsungBrowser", "OPR", "Chrome", "Safari")
OTHERS_ENDED = gettext_lazy("Everywhere else you are signed out.")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")


# --- Beginning --------------------------------------------------------------------------------------------------------


def begin(*, request: HttpRequest, person: User, now: datetime) -> None:
    """Note this session for the page of sessions; of an enumerator's sessions the new one is the only one."""
    mine = StaffSession.objects.create(
        id=uuid4(), user=person, browser=_browser(request), began_at=now, seen_at=now
    )
    request.session[SESSION] = str(mine.pk)
    request.session[SEEN] = now.timestamp()


def note_password(request: HttpRequest, person: User) -> None:
    """Write down, as allauth would, that this person has just given their password; the username is not kept."""
    record_authentication(request, person, "password")


def note_factor(request: HttpRequest, person: User, kind: str) -> None:
    """Write down, as allauth would, that this person has just given a second factor."""
    record_authentication(request, person, "mfa", type=kind)


def touch(request: HttpRequest, now: datetime) -> None:
    """Note that the session is in use, at most every five minutes."""
    session = request.session
    if session.get(SESSION) and now.timestamp() - session.get(SEEN, 0) >= SEEN_EVERY.total_seconds():
        session[SEEN] = now.timestamp()
        StaffSession.objects.filter(pk=session[SESSION]).update(seen_at=now)


# --- How it stands ----------------------------------------------------------------------------------------------------


def records(request: HttpRequest, person: User) -> list[dict[str, Any]]:
    """What this person has given in this session, oldest first; what was given by somebody else counts for nothing."""
    found = request.session.get(RECORDS)
    is_theirs = request.session.get(RECORDS_OF) == str(person.pk)
    return found if is_theirs and isinstance(found, list) else []


def has_shown_factor(request: HttpRequest, person: User) -> bool:
    """Whether a second factor was given in this session."""
    return any(record.get("method") == "mfa" for record in records(request, person))


def is_too_old(request: HttpRequest, person: User) -> bool:
    """Whether ten hours have passed since the first thing given in this session, however busy it was."""
    given = [record["at"] for record in records(request, person)]
    return bool(given) and clock.wall().timestamp() - min(given) >= LONGEST.total_seconds()


def why_ended(session_id: str) -> Sentence:
    """What to tell somebody who comes back with a session that is over; "" where nothing is known of it."""
    ended = StaffSession.objects.filter(pk=session_id).exclude(why="").values_list("why", flat=True).first()
    sentences = {
        Ended.ELSEWHERE: _("You signed in somewhere else, so your session here has ended."),
        Ended.BY_THEMSELVES: _("You ended this session from another browser."),
        Ended.BY_ADMINISTRATOR: _("An administrator ended your sessions."),
        Ended.PASSWORD: _("Your password was changed, so your session here has ended."),
        Ended.FACTOR: _("Your second factor was changed, so your session here has ended."),
        Ended.TOO_LONG: _("Ten hours are over. Sign in again to go on."),
    }
    return sentences.get(Ended(ended), "") if ended else _("Your session has ended. Sign in again to go on.")


# --- Ending -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def end_all(*, person: User, why: Ended, now: datetime) -> None:
    """End every session of somebody at once: the raised epoch fits none of them."""
    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
    note_ended(person=person, why=why, now=now)


@transaction.atomic
def end_others(*, request: HttpRequest, person: User, why: Ended, now: datetime) -> None:
    """End somebody's other sessions; this one goes on under a new key."""
    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
    update_session_auth_hash(request, person)
    note_ended(person=person, why=why, now=now, but=request.session.get(SESSION, ""))


@transaction.atomic
def end_own_others(*, request: HttpRequest, person: User, now: datetime) -> None:
    """The wish of the person themselves, with an event of its own."""
    end_others(request=request, person=person, why=Ended.BY_THEMSELVES, now=now)
    tell(Action.SESSIONS_ENDED, person, by=person, now=now)


@transaction.atomic
def end_of(*, person: User, by: User, now: datetime) -> None:
    """An administrator ends the sessions of somebody else. Raises `not_yours`."""
    if not by.may(Permission.ADMINISTER_STAFF):
        raise Forbidden("not_yours", _("Only an administrator may do this."))
    end_all(person=person, why=Ended.BY_ADMINISTRATOR, now=now)
    tell(Action.SESSIONS_ENDED, person, by=by, now=now)


def end_too_old(*, request: HttpRequest, person: User, now: datetime) -> None:
    """Ten hours are over: this session ends and says so."""
    _end_this(request, Ended.TOO_LONG, now)
    tell(Action.SIGNED_OUT, person, by=person, now=now, why=Ended.TOO_LONG.value)
    logout(request)


def note_ended(*, person: User, why: Ended, now: datetime, but: str = "") -> None:
    """Why sessions that stood until now do so no more; the session named in `but` goes on."""
    standing = StaffSession.objects.filter(user=person, ended_at=None)
    (standing.exclude(pk=but) if but else standing).update(ended_at=now, why=why)


def note_left(request: HttpRequest, now: datetime) -> None:
    """This session was left by signing out."""
    _end_this(request, Ended.LEFT, now)


def _end_this(request: HttpRequest, why: Ended, now: datetime) -> None:
    if session_id := request.session.get(SESSION):
        StaffSession.objects.filter(pk=session_id, ended_at=None).update(ended_at=now, why=why)


def _browser(request: HttpRequest) -> str:
    """Browser and system in two words, so that people know their own; the rest of the header is not kept."""
    told = request.headers.get("User-Agent", "")
    words = [next((name for name in names if name in told), "") for names in (BROWSERS, SYSTEMS)]
    return " · ".join(word for word in words if word).replace("Edg", "Edge").replace("OPR", "Opera")
