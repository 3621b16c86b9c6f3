"""What the tables of libraries hold: declared here field by field, since nobody can wrap their fields with `held`."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import models

from kernel.holdings import FIRST_PARTY, DataClass, Retention, fields_of

OPERATIONAL, QUASI, IDENTIFYING = DataClass.OPERATIONAL, DataClass.QUASI_IDENTIFYING, DataClass.IDENTIFYING
Holding = tuple[DataClass, str, Retention]


@dataclass(frozen=True, slots=True)
class Borrowed:
    """One table of a library: how long its rows stay, what most of its fields are for, and those that differ."""

    retention: Retention
    purpose: str
    fields: tuple[str, ...]
    closer: dict[str, tuple[DataClass, str]]

    def holding_of(self, name: str) -> Holding | None:
        """Class, purpose and retention of a field; None for one nobody has looked at."""
        if name in self.closer:
            return (*self.closer[name], self.retention)
        return (OPERATIONAL, self.purpose, self.retention) if name in self.fields else None


def _table(retention: Retention, purpose: str, fields: str, **closer: tuple[DataClass, str]) -> Borrowed:
    return Borrowed(retention, purpose, tuple(fields.split()), closer)


_TRY = "id attempt_time path_info"
_TRIED = {
    "ip_address": (QUASI, "slow down whoever guesses passwords"),
    "user_agent": (QUASI, "slow down whoever guesses passwords"),
    "http_accept": (QUASI, "slow down whoever guesses passwords"),
    "username": (QUASI, "which account was tried"),
}

BORROWED: dict[str, Borrowed] = {
    "auth.Permission": _table(Retention.STUDY, "Django's own list, unused", "id name content_type codename"),
    "auth.Group": _table(Retention.STUDY, "Django's own list, unused", "id name permissions"),
    "contenttypes.ContentType": _table(Retention.STUDY, "names of tables", "id app_label model"),
    "sessions.Session": _table(
        Retention.TRANSIENT,
        "who is signed in",
        "expire_date",
        session_key=(IDENTIFYING, "who is signed in"),
        session_data=(QUASI, "signed, holds ids of staff only"),
    ),
    "django_q.Schedule": _table(
        Retention.STUDY,
        "when background work runs; no arguments",
        "id name func hook args kwargs schedule_type minutes repeats next_run cron task cluster intended_date_kwarg",
    ),
    "django_q.Task": _table(
        Retention.TRANSIENT,
        "what became of background work; ids only",
        "id name func hook args kwargs result group cluster started stopped success attempt_count",
    ),
    "django_q.OrmQ": _table(
        Retention.TRANSIENT, "background work that waits; ids only", "id key payload lock"
    ),
    "axes.AccessAttempt": _table(
        Retention.TRANSIENT,
        "slow down whoever guesses passwords",
        f"{_TRY} get_data post_data failures_since_start",
        **_TRIED,
    ),
    "axes.AccessAttemptExpiration": _table(
        Retention.TRANSIENT, "until when a try counts", "access_attempt expires_at"
    ),
    "axes.AccessFailureLog": _table(Retention.TRANSIENT, "tries that failed", f"{_TRY} locked_out", **_TRIED),
    "axes.AccessLog": _table(Retention.TRANSIENT, "sign-ins", f"{_TRY} logout_time session_hash", **_TRIED),
    "account.EmailAddress": _table(
        Retention.STAFF,
        "always empty: nobody has an e-mail address here",
        "id user verified primary",
        email=(IDENTIFYING, "always empty"),
    ),
    "account.EmailConfirmation": _table(
        Retention.STAFF,
        "always empty: nobody has an e-mail address here",
        "id email_address created sent key",
    ),
    "mfa.Authenticator": _table(
        Retention.STAFF,
        "second factors of staff",
        "id user type created_at last_used_at",
        data=(IDENTIFYING, "checks a second factor; secrets in it are sealed"),
    ),
    "usersessions.UserSession": _table(
        Retention.TRANSIENT,
        "which sessions somebody has open",
        "id user created_at last_seen_at data",
        session_key=(IDENTIFYING, "which session"),
        ip=(QUASI, "tell one's own sessions apart"),
        user_agent=(QUASI, "tell one's own sessions apart"),
    ),
}
"""By label. Proxies hold nothing of their own."""

CACHE = _table(
    Retention.TRANSIENT,
    "counts of tries, and when the worker last did something; never a person",
    "cache_key value expires",
)
"""The cache table belongs to no model."""


def borrowed_models() -> list[type[models.Model]]:
    """Every installed table that is not ours."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label not in FIRST_PARTY and not model._meta.proxy
    ]


def undeclared(model: type[models.Model]) -> list[str]:
    """The fields of a library's table that nobody has looked at; all of them where the table is new."""
    known = BORROWED.get(model._meta.label)
    return [field.name for field in fields_of(model) if known is None or known.holding_of(field.name) is None]


@checks.register(checks.Tags.models)
def every_borrowed_field_is_classified(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """E003 for a library's table or field without class, purpose and retention."""
    return [
        checks.Error(
            f"{model._meta.label}.{name} does not say what it holds.",
            hint="Look at what the library writes there, and add it to kernel/borrowed.py.",
            id="kernel.E003",
        )
        for model in borrowed_models()
        for name in undeclared(model)
        # The tests of the vault bring a table of their own, which never is installed.
        if model.__module__.split(".")[0] != "tests"
    ]
