"""How often one may try to sign in: django-axes with every try counted before it is looked at, and nobody named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import F, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from kernel import clock

WINDOW = timedelta(minutes=15)
PER_ADDRESS = 60
PASSKEYS_BEGUN_PER_ADDRESS = 60
"""How many within a quarter of an hour; each passkey that is begun without being anybody makes a row of a session."""
PASSKEY_PAGE = "passkey page"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many tries within a quarter of an hour: `here` of one name at one place, after `of_name` at all places
    together `then_here`, and after `at_most` nowhere any more."""

    here: int
    of_name: int
    then_here: int
    at_most: int

    def here_after(self, of_name: int) -> int:
        """How many tries a place has, once so many were made at the name."""
        if of_name >= self.at_most:
            return 0
        return self.here if of_name < self.of_name else self.then_here


PASSWORDS = Limits(here=5, of_name=20, then_here=1, at_most=200)
"""A stranger who knows a username slows others down and does not keep its owner out: each place still has one try, and
a right one is given back. To keep them out takes 184 places every quarter of an hour. Nobody guesses more than 200
times in a quarter of an hour at one password, 19,200 times a day, and then needs the second factor."""
CODES = Limits(here=5, of_name=20, then_here=0, at_most=20)
"""Only who has the password gets as far; six digits take no more than this. A passkey is never counted."""

NETWORK_BITS = 64
"""Of an IPv6 address: what belongs to one household or one phone."""

Credentials = Mapping[str, Any] | None


class CountedFirst(AxesDatabaseHandler):
    """Counts a try before the slow look at the password: of tries made at the same moment no more pass than may.

    Rows hold a keyed digest of what was typed as a username, the address, a count and a moment; nothing else.
    """

    def is_locked(self, request: HttpRequest, credentials: Credentials = None) -> bool:
        """Count this try; True when it is one too many. A try that is too many does not prolong the wait."""
        return _is_too_many(digest_of(request, credentials), address_of(request), PASSWORDS)

    def user_login_failed(self, sender: Any, credentials: Any, request: Any = None, **kwargs: Any) -> None:
        """Nothing: the try was counted when it began."""

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        """Somebody who is in, second factor and all, begins anew. What others tried from there still counts."""
        username = user.get_username()
        AccessAttempt.objects.filter(username__in=(_digest(username), _digest_of_codes(username))).delete()

    def user_logged_out(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        """Nothing: the trail says who left."""


def take(request: HttpRequest, username: str) -> bool:
    """Count one try at a second factor in the same account; False when there were too many."""
    return not _is_too_many(_digest_of_codes(username), address_of(request), CODES)


def give_back(request: HttpRequest, username: str) -> None:
    """Take one try at a password out of the count again: it was right."""
    _give_back(_digest(username), request)


def give_back_code(request: HttpRequest, username: str) -> None:
    """Take one try at a second factor out of the count again: it was right."""
    _give_back(_digest_of_codes(username), request)


def may_begin_passkey(request: HttpRequest) -> bool:
    """Count somebody who is nobody yet and begins with a passkey; False when there were too many from there."""
    address = address_of(request)
    begun = _recent().filter(username=PASSKEY_PAGE, ip_address=address)
    if begun.filter(failures_since_start__gte=PASSKEYS_BEGUN_PER_ADDRESS).exists():
        return False
    _count(PASSKEY_PAGE, address)
    return True


def digest_of(request: HttpRequest | None, credentials: Credentials = None) -> str:
    """What axes keeps in place of a username: people type their password there by mistake."""
    typed = str((credentials or {}).get("username") or "")
    return _digest(typed)


def address_of(request: HttpRequest) -> str | None:
    """Where the request comes from: what our own proxy added last, if there is one, else the connection's end.

    Of IPv6 the network: whoever has one address there has 2^64 of them.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    is_proxied = bool(settings.SECURE_PROXY_SSL_HEADER and forwarded)
    said = forwarded.rsplit(",", 1)[-1].strip() if is_proxied else request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(said)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or IPv6Network((int(address), NETWORK_BITS), strict=False).network_address)
    return str(address)


def nobody(*arguments: Any) -> str:
    """What axes may write about a client into its log: nothing."""
    return "a client"


def _digest(username: str) -> str:
    return salted_hmac("accounts.tries", username.strip().casefold(), algorithm="sha256").hexdigest()[:32]


def _digest_of_codes(username: str) -> str:
    return _digest(f"a code of {username.strip()}")


def _is_too_many(name: str, address: str | None, limits: Limits) -> bool:
    """Count this try; True when it is one too many."""
    here, of_name, of_address = _made(name, address)
    if here >= limits.here_after(of_name) or of_address >= PER_ADDRESS:
        return True
    _count(name, address)
    # Asked again after the count is committed: of two tries that both found one place, the second finds none.
    here, of_name, of_address = _made(name, address)
    return here > limits.here_after(of_name - 1) or of_address > PER_ADDRESS


def _made(name: str, address: str | None) -> tuple[int, int, int]:
    """How many tries were made within the window: at this name from there, at it from anywhere, at any from there."""
    by_name, by_address = Q(username=name), Q(ip_address=address)
    made = _recent().aggregate(
        here=Sum("failures_since_start", filter=by_name & by_address, default=0),
        of_name=Sum("failures_since_start", filter=by_name, default=0),
        of_address=Sum("failures_since_start", filter=by_address & ~Q(username=PASSKEY_PAGE), default=0),
    )
    return made["here"], made["of_name"], made["of_address"]


def _recent() -> QuerySet[Any]:
    return AccessAttempt.objects.filter(attempt_time__gte=clock.wall() - WINDOW)


def _give_back(name: str, request: HttpRequest) -> None:
    mine = AccessAttempt.objects.filter(username=name, ip_address=address_of(request))
    mine.filter(failures_since_start__gt=0).update(failures_since_start=F("failures_since_start") - 1)


def _count(name: str, address: str | None) -> None:
    now = clock.wall()
    mine, _new = AccessAttempt.objects.get_or_create(
        username=name, ip_address=address, user_agent="", defaults={"failures_since_start": 0}
    )
    counted = AccessAttempt.objects.filter(pk=mine.pk)
    # What lies further back than the window is over; the row begins anew.
    counted.filter(attempt_time__lt=now - WINDOW).update(failures_since_start=0)
    counted.update(failures_since_start=F("failures_since_start") + 1, attempt_time=now)
