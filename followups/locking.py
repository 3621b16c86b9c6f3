"""The one order in which everybody locks what belongs to a respondent, so that no two can wait for each other."""

from uuid import UUID

from followups.models import FollowUp
from tracker.models import Respondent


def hold_still(respondent_id: UUID) -> None:
    """Lock the respondent, then what is owed to them, until the transaction ends; claims and the rest come after.

    A claim and the tick start at the follow-up and take no lock on the respondent, so they never come the other way.
    `no_key`: rows that merely point at these may still be written meanwhile. SQLite locks the whole file already.
    """
    list(Respondent.objects.select_for_update(no_key=True).filter(pk=respondent_id).values_list("pk"))
    owed = FollowUp.objects.filter(respondent=respondent_id).unfinished().order_by("pk")
    list(owed.select_for_update(no_key=True).values_list("pk"))
