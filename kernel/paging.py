"""Pages of a list counted up to a thousand: to count a million rows takes longer than to show a page of them."""

from functools import cached_property

from django.core.paginator import Paginator

MOST = 1000


class ShortPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of the first thousand rows of a queryset; whoever seeks one further down narrows the list."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST)

    @property
    def is_more(self) -> bool:
        """Whether there are rows beyond the last page."""
        return self._counted > MOST

    @cached_property
    def _counted(self) -> int:
        # Without the order: to sort everybody in order to count a thousand is what this is there against.
        return int(self.object_list.order_by()[: MOST + 1].count())  # type: ignore[union-attr, attr-defined]
