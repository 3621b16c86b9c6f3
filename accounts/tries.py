"""How often one may try to sign in: django-axes with every try counted before it is looked at, and nobody named."""

from collections.abc import Mapping
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import F, Q, Sum
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from kernel import clock

WINDOW = timedelta(minutes=15)
PER_NAME_AND_ADDRESS = 5
PER_NAME = 20
PER_ADDRESS = 60
"""How many tries within a quarter of an hour; a stranger at one place who knows a username cannot
keep its owner out from afar. One at four places can, of codes and passwords: a passkey is never counted."""

NETWORK_BITS = 64
"""Of an IPv6 address: what belongs to one household or one phone."""

Credentials = Mapping[str, Any] | None


class CountedFirst(AxesDatabaseHandler):
    """Counts a try before the slow look at the password: of tries made at the same moment no more pass than may.

    Rows hold a keyed digest of what was typed as a username, the address, a count and a moment; nothing else.
    """

    def is_locked(self, request: HttpRequest, credentials: Credentials = None) -> bool:
        """Count this try; True when it is one too many. A try that is too many does not prolong the wait."""
        name, address = digest_of(request, credentials), address_of(request)
        if any(made >= most for made, most in _made(name, address)):
            return True
        _count(name, address)
        # Asked again after the count is committed: of two tries that both found one place, the second finds none.
        return any(made > most for made, most in _made(name, address))

    def user_login_failed(self, sender: Any, credentials: Any, request: Any = None, **kwargs: Any) -> None:
        """Nothing: the try was counted when it began."""

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        """Somebody who is in, second factor and all, begins anew. What others tried from there still counts."""
        AccessAttempt.objects.filter(username=_digest(user.get_username())).delete()

    def user_logged_out(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        """Nothing: the trail says who left."""


def take(request: HttpRequest, username: str) -> bool:
    """Count one try at a second factor in the same account; False when there were too many."""
    return not CountedFirst().is_locked(request, {"username": username})


def give_back(request: HttpRequest, username: str) -> None:
    """Take one try out of the count again: it was right."""
    mine = AccessAttempt.objects.filter(username=_digest(username), ip_address=address_of(request))
    mine.filter(failures_since_start__gt=0).update(failures_since_start=F("failures_since_start") - 1)


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


def _made(name: str, address: str | None) -> list[tuple[int, int]]:
    """How many tries were made within the window, and how many may be: by both, by name, by address."""
    recent = AccessAttempt.objects.filter(attempt_time__gte=clock.wall() - WINDOW)
    by_name, by_address = Q(username=name), Q(ip_address=address)
    made = recent.aggregate(
        both=Sum("failures_since_start", filter=by_name & by_address),
        name=Sum("failures_since_start", filter=by_name),
        address=Sum("failures_since_start", filter=by_address),
    )
    limits = {"both": PER_NAME_AND_ADDRESS, "name": PER_NAME, "address": PER_ADDRESS}
    return [(made[kind] or 0, most) for kind, most in limits.items()]


def _count(name: str, address: str | None) -> None:
    now = clock.wall()
    mine, _new = AccessAttempt.objects.get_or_create(
        username=name, ip_address=address, user_agent="", defaults={"failures_since_start": 0}
    )
    counted = AccessAttempt.objects.filter(pk=mine.pk)
    # What lies further back than the window is over; the row begins anew.
    counted.filter(attempt_time__lt=now - WINDOW).update(failures_since_start=0)
    counted.update(failures_since_start=F("failures_since_start") + 1, attempt_time=now)
