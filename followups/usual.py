"""Who usually calls somebody: kept with the respondent, and copied to what is owed, where the queue asks for it."""

from accounts.models import User
from followups.models import FollowUp
from tracker.models import Respondent


def make_usual(respondent: Respondent, enumerator: User) -> None:
    """From now on this enumerator, where nobody was."""
    _change(respondent, None, enumerator)


def make_unusual(respondent: Respondent, enumerator: User) -> None:
    """From now on nobody, where it was this enumerator."""
    _change(respondent, enumerator, None)


def _change(respondent: Respondent, before: User | None, after: User | None) -> None:
    if Respondent.objects.filter(pk=respondent.pk, usual_enumerator=before).update(usual_enumerator=after):
        FollowUp.objects.of(respondent).unfinished().update(usual_enumerator=after)
        respondent.usual_enumerator = after
