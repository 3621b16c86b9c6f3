"""A table of TOML read key by key: what is wrong becomes a problem with its key, and reading goes on."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from kernel.errors import Sentence
from tracker.exchange.problems import Problem


class Table:
    """One table of a mapping; every method that finds nothing usable notes a problem and gives an empty value."""

    def __init__(self, content: Mapping[str, object], path: str, problems: list[Problem]) -> None:
        self._content = content
        self._path = path
        self._problems = problems
        self._read: set[str] = set()

    def has(self, key: str) -> bool:
        return key in self._content

    def refuse(self, key: str, sentence: Sentence) -> None:
        """Note a problem with one key of this table, or with the table itself when `key` is ""."""
        self._problems.append(Problem(".".join(part for part in (self._path, key) if part), sentence))

    def text(self, key: str, *, optional: bool = False) -> str:
        value = self._take(key, optional=optional)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, _("This must be a text in quotation marks."))
            return ""
        return value.strip()

    def one_of(self, key: str, known: Collection[str], *, optional: bool = False) -> str:
        """A text that is one of the words `known`, or "" and a problem."""
        value = self.text(key, optional=optional)
        if value and value not in known:
            self.refuse(key, unknown_word(value, known))
            return ""
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
            self.refuse(key, _("This must be a list of texts with at least one in it."))
            return ()
        return tuple(value)

    def whole_number(self, key: str) -> int:
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        if value is not None:
            self.refuse(key, _("This must be a whole number from 1, without quotation marks."))
        return 0

    def day(self, key: str) -> date:
        """A date, or the first day of year 1 when there is a problem."""
        value = self._take(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.refuse(key, _("This must be a date such as 2026-01-31, without quotation marks."))
        return date.min

    def words(self, key: str) -> dict[str, str]:
        """A table whose values are all texts; empty when it is absent."""
        value = self._take(key, optional=True)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            self.refuse(key, _("This must be a table in which every value is a text."))
            return {}
        return dict(value)

    def table(self, key: str, *, optional: bool = False) -> "Table":
        value = self._take(key, optional=optional)
        if value is not None and not isinstance(value, dict):
            self.refuse(key, _("This must be a table."))
        # Of a table that is not there, one problem is enough: what it lacks goes to a list nobody reads.
        is_there = isinstance(value, dict) or value is None and optional
        return self._below(value if isinstance(value, dict) else {}, key, self._problems if is_there else [])

    def tables(self, key: str) -> list["Table"]:
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            self.refuse(key, _("This must be one or more tables in double brackets."))
            return []
        return [self._below(item, f"{key}[{place}]", self._problems) for place, item in enumerate(value, 1)]

    def refuse_the_rest(self) -> None:
        """Note every key that nothing asked for: a slip of the pen must not pass for an omission."""
        for key in sorted(self._content.keys() - self._read):
            self.refuse(key, _("A mapping has no such key here."))

    def _take(self, key: str, *, optional: bool = False) -> object:
        self._read.add(key)
        if key not in self._content and not optional:
            self.refuse(key, _("This is missing."))
        return self._content.get(key)

    def _below(self, content: Mapping[str, object], key: str, problems: list[Problem]) -> "Table":
        return Table(content, f"{self._path}.{key}" if self._path else key, problems)


def unknown_word(value: str, known: Collection[str]) -> Sentence:
    """The sentence for a word that is none of those known; lists them where they fit on a line."""
    if len(known) > 30:
        return _("“%(value)s” is not known here.") % {"value": value}
    return _("“%(value)s” is not known here. Known are: %(known)s.") % {
        "value": value,
        "known": ", ".join(sorted(known)),
    }
