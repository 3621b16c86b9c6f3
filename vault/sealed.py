"""The handle of a sealed value: it says what it is and gives nothing away."""

from typing import NoReturn, Self
from uuid import UUID

from vault.tokens import Place

REFUSED = "A sealed value cannot be {}: open it with a permit, in vault.opening."


class Sealed:
    """A sealed value with its place. It prints as `<sealed label>` and as nothing else."""

    __slots__ = ("_token", "label", "row", "subject")

    def __init__(
        self, token: bytes, label: str, subject: UUID | None = None, row: UUID | None = None
    ) -> None:
        self._token = token
        self.label = label
        self.subject = subject
        self.row = row

    @property
    def place(self) -> Place | None:
        """Where it belongs; None for a handle read without its row, as from `values()`."""
        if self.subject is None or self.row is None:
            return None
        return Place(self.label, self.subject, self.row)

    def at(self, subject: UUID | None, row: UUID | None) -> "Sealed":
        """The same value, said to belong to this subject and row; opening finds out whether it does."""
        return Sealed(self._token, self.label, subject, row)

    def __repr__(self) -> str:
        return f"<sealed {self.label}>"

    def __call__(self) -> str:
        # Templates call what can be called, and would meet __str__ otherwise: they print <sealed label>.
        return repr(self)

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sealed):
            return NotImplemented
        return self.label == other.label and self._token == other._token

    def __hash__(self) -> int:
        return hash((self.label, self._token))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __str__(self) -> NoReturn:
        raise TypeError(REFUSED.format("turned into text"))

    def __format__(self, spec: str) -> NoReturn:
        raise TypeError(REFUSED.format("put into text"))

    def __bytes__(self) -> NoReturn:
        raise TypeError(REFUSED.format("turned into bytes"))

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(REFUSED.format("pickled"))

    def __getstate__(self) -> NoReturn:
        raise TypeError(REFUSED.format("pickled"))


def token_of(sealed: Sealed) -> bytes:
    """The stored bytes; for the database and the vault's own modules."""
    return sealed._token
