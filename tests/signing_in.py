"""Signing a test's browser in as somebody who has just given a second factor, or gave it some time ago."""

from __future__ import annotations

import time


def signed_in(client, user, *, factor_seconds_ago=0):
    """`client`, signed in as `user` with a second factor given that long ago; None stands for no second factor."""
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    at = time.time() - (factor_seconds_ago or 0)
    given = [{"method": "password", "at": at, "username": user.username}]
    if factor_seconds_ago is not None:
        given.append({"method": "mfa", "at": at, "type": "totp"})
    session["account_authentication_methods"] = given
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client
