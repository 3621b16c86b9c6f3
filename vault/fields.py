"""The model field whose column holds a token and whose attribute is a Sealed handle."""

from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn
from uuid import UUID

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from vault.sealed import Sealed, token_of

if TYPE_CHECKING:
    BytesField = models.BinaryField[Any, Any]
else:
    BytesField = models.BinaryField


class SealedAttribute(DeferredAttribute):
    """Reads as a handle bound to its row; takes a handle or None and never a text."""

    field: "SealedField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or value is None:
            return value
        return value.at(self.field.subject_of(instance), instance.pk)

    def __set__(self, instance: models.Model, value: Sealed | None) -> None:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.field.name} takes a sealed value: use vault.sealing.seal_into.")
        instance.__dict__[self.field.attname] = value


class SealedField(BytesField):
    """A sealed text. `label` is constant for ever, whatever the field is called; `subject` is the attribute
    path from the row to the uuid whose key seals it; `max_length` counts characters of the text."""

    descriptor_class = SealedAttribute

    def __init__(
        self, *, label: str, subject: str = "respondent_id", max_length: int, **options: Any
    ) -> None:
        super().__init__(**options)
        self.label = label
        self.subject = subject
        self.characters = max_length

    def deconstruct(self) -> Any:
        name, path, arguments, options = super().deconstruct()
        return (
            name,
            path,
            arguments,
            options
            | {
                "label": self.label,
                "subject": self.subject,
                "max_length": self.characters,
            },
        )

    def subject_of(self, instance: models.Model) -> UUID | None:
        """Whose key seals this field of `instance`; None while it has none."""
        subject: UUID | None = attrgetter(self.subject)(instance)
        return subject

    def get_default(self) -> None:
        # BinaryField would offer b"", which is no token; a column that may not be null must be sealed.
        return None

    def from_db_value(self, value: Any, expression: object, connection: object) -> Sealed | None:
        """A handle for whatever the column holds; what was never sealed fails when opened, not when read."""
        if value is None:
            return None
        return Sealed(value.encode() if isinstance(value, str) else bytes(value), self.label)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        if not isinstance(value, Sealed):
            raise TypeError(f"{self.name} stores sealed values only.")
        return token_of(value)

    def value_to_string(self, obj: models.Model) -> str:
        return repr(self.value_from_object(obj))

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull`: equal texts have different tokens, so any other question has a wrong answer."""
        if lookup_name != "isnull":
            self._refuse(lookup_name)
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> NoReturn:
        self._refuse(lookup_name)

    def _refuse(self, lookup_name: str) -> NoReturn:
        raise FieldError(f"{self.name} is sealed: it can be asked for isnull and not for {lookup_name}.")
