"""Every view says who may use it, and one that says nothing is refused to everyone."""

import time

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver

from accounts.access import for_everyone_signed_in, open_to_all, requires
from accounts.middleware import SignInRequired, is_open, says_nothing
from accounts.models import User
from accounts.permissions import Permission, Role
from accounts.sessions import RECORDS, RECORDS_OF
from tests.accounts.people import NOON

OPEN = {
    "accounts:sign_in", "accounts:second_factor", "accounts:passkey", "set_language", "healthz", "readyz",
}  # fmt: skip


def every_address(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", entry.callback
        else:
            yield from every_address(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)


def forgetful(request):
    return HttpResponse("what nobody was meant to see")


def through_the_door(view, rf, role):
    request = rf.get("/")
    request.user = User(role=role, username="ada")
    given = [{"method": "mfa", "at": time.time()}]
    request.session = {RECORDS: given, RECORDS_OF: str(request.user.pk)}
    request.now = NOON
    return SignInRequired(lambda _request: HttpResponse()).process_view(request, view, (), {})


def test_every_address_says_who_may_use_it():
    silent = [name for name, view in every_address() if says_nothing(view)]

    assert silent == []


def test_the_walk_finds_a_view_that_forgot():
    forgetful.__module__ = "tracker.views"

    assert says_nothing(forgetful)


def test_a_view_of_another_application_that_says_nothing_is_refused_too():
    forgetful.__module__ = "allauth.account.views"

    assert says_nothing(forgetful)


def test_no_page_of_allauth_or_axes_can_be_reached():
    theirs = [name for name, view in every_address() if view.__module__.startswith(("allauth", "axes"))]

    assert theirs == []


def test_only_these_addresses_are_open_to_all():
    addresses = dict(every_address())

    assert {name for name, view in addresses.items() if is_open(view)} == OPEN
    assert len(addresses) > 30


@pytest.mark.parametrize("role", Role)
def test_a_view_that_forgot_is_refused_to_every_role(rf, role):
    forgetful.__module__ = "tracker.views"

    with pytest.raises(PermissionDenied):
        through_the_door(forgetful, rf, role)


@pytest.mark.parametrize("mark", [open_to_all, for_everyone_signed_in, requires(Permission.CALL)])
def test_a_view_that_says_so_passes_the_door(rf, mark):
    def view(request):
        return HttpResponse()

    view.__module__ = "tracker.views"

    assert through_the_door(mark(view), rf, Role.ENUMERATOR) is None
