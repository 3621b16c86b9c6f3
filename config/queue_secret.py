"""The background queue signs with a secret of its own: its rows are pickles, and who can sign one runs a program."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.crypto import salted_hmac
from django_q.conf import Conf

LEAST_LENGTH = 50


def sign_with_it() -> None:
    """Give django-q2 the secret. It has no setting for one: it reads this attribute each time it signs or looks."""
    Conf.SECRET_KEY = settings.Q_SECRET or derived()


def derived() -> str:
    """Without one in the environment, one made from SECRET_KEY, which signs nothing else and opens nothing else."""
    return salted_hmac("config.queue_secret", "tasks", algorithm="sha256").hexdigest()


@checks.register(checks.Tags.security, deploy=True)
def queue_has_a_secret(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """With a secret of its own, a leaked SECRET_KEY forges sessions but runs no program in the worker."""
    has_one = len(settings.Q_SECRET) >= LEAST_LENGTH and settings.Q_SECRET != settings.SECRET_KEY
    if has_one or settings.RECONTACT_DEMO:
        return []
    return [
        checks.Warning(
            "The background queue has no secret of its own: who learns SECRET_KEY could run programs in the worker.",
            hint=f"Set Q_SECRET to {LEAST_LENGTH} or more random characters, other than those of SECRET_KEY.",
            id="config.W102",
        )
    ]
