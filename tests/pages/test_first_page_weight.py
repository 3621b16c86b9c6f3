"""The enumerator's first page weighs at most 50 KB over the wire, everything it asks for included."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from accounts.permissions import Role
from tests import factories
from tests.signing_in import signed_in

LIMIT_BYTES = 50_000


def asked_for(html: str) -> set[str]:
    """Every static file the page names."""
    return {path.split("#")[0] for path in re.findall(r'(?:href|src)="/static/([^"]+)"', html)}


@pytest.mark.django_db
def test_the_first_page_weighs_at_most_50_kilobytes(client):
    signed_in(client, factories.make_user(Role.ENUMERATOR, team=factories.make_team()))

    page = client.get(reverse("followups:today"))

    files = asked_for(page.content.decode())
    parts = [page.content, *(Path(finders.find(path)).read_bytes() for path in files)]
    assert "css/recontact.css" in files
    assert sum(len(gzip.compress(part)) for part in parts) <= LIMIT_BYTES
