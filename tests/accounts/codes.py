"""The app for codes on a test's own phone."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

PASSWORD = "four-unrelated-plain-words"


def code_of(seed, *, steps=0):
    """What the app shows now, or so many half minutes from now."""
    return format_hotp_value(hotp_value(seed, int(time.time()) // 30 + steps))


def with_password(person, password=PASSWORD):
    person.set_password(password)
    person.save(update_fields=["password"])
    return person


def send_password(client, person, password=PASSWORD, **more):
    return client.post(
        reverse("accounts:sign_in"), {"username": person.username, "password": password, **more}
    )


def send_code(client, code, **headers):
    return client.post(reverse("accounts:second_factor"), {"code": code}, **headers)


def set_up_app(client):
    """Set up an app by the page; gives its seed and the recovery codes."""
    page = client.get(reverse("accounts:factor_app"))
    seed = page.context["setup"].secret
    answer = client.post(reverse("accounts:factor_app"), {"code": code_of(seed, steps=-1)})
    assert answer.status_code == 200, answer.content.decode()
    return seed, answer.context["codes"]
