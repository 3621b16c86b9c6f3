"""The refusals a person may meet: a stable code, a sentence, what was kept and what to do next."""

from typing import Any

Sentence = Any
"""A string or a lazily translated one."""


class DomainError(Exception):
    """An expected refusal. `config.errors` turns it into a page, a fragment or a problem+json body.

    `code` is stable and never translated; `sentence` says what happened, `kept` what was kept, `next_step` what to do.
    """

    status = 400

    def __init__(
        self,
        code: str,
        sentence: Sentence,
        *,
        kept: Sentence = "",
        next_step: Sentence = "",
        status: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.kept = kept
        self.next_step = next_step
        self.status = status or self.status

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.sentence, self.kept, self.next_step) if part)


class NotFound(DomainError):
    """The thing does not exist, or the person asking may not know that it does."""

    status = 404


class Forbidden(DomainError):
    """The person asking may know of the thing but not do this with it."""

    status = 403


class Conflict(DomainError):
    """Somebody or something else got there first."""

    status = 409
