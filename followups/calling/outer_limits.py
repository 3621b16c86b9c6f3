"""What the database says when a dial would be more than anybody may be troubled with, in words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError
from django.utils.translation import gettext as _

from followups import burden_guards
from kernel.errors import Conflict

SENTENCES: dict[str, Callable[[], str]] = {
    burden_guards.SPACING: lambda: _(
        "This person was called less than three hours ago, perhaps for another study."
    ),
    burden_guards.DAY: lambda: _(
        "This person was called twice in the last 24 hours, perhaps for another study."
    ),
    burden_guards.WEEK: lambda: _(
        "This person was called five times in the last 7 days, perhaps for another study."
    ),
    burden_guards.ROUND: lambda: _("All attempts of this round were used."),
    burden_guards.NUMBER_DAY: lambda: _("This number was called twice in the last 24 hours."),
    burden_guards.NUMBER_WEEK: lambda: _("This number was called five times in the last 7 days."),
    burden_guards.EXEMPT: lambda: _(
        "The time this person asked for is over, and it is too soon for another call."
    ),
}


@contextmanager
def outer_limits() -> Iterator[None]:
    """Around a transaction that begins an attempt or orders a dial: raises `contact_burden` when the database refuses.

    The rules were asked before; this is what is left when somebody else began something at the same moment.
    """
    try:
        yield
    except IntegrityError as error:
        limit = burden_guards.limit_in(error)
        if not limit:
            raise
        raise Conflict(
            "contact_burden",
            SENTENCES[limit](),
            kept=_("Nothing was dialled. The call is still yours."),
            next_step=_("Give the call back, and take the next one."),
        ) from error
