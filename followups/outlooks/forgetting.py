"""What changes an outlook between two nights: something it was made from has changed, or the person came to us."""

from datetime import datetime

from followups.models import Outlook
from followups.outlooks.packing import WHOLE
from tracker.models import Respondent


def forget(respondent: Respondent) -> None:
    """Drop the outlooks of what is owed to them, so that the next look makes them anew; a step of other use cases."""
    Outlook.objects.filter(follow_up__respondent=respondent).delete()


def came(respondent: Respondent, now: datetime) -> None:
    """They contacted us: a round that was resting is dialled once more. A step of other use cases.

    It holds for the next look, which finds them a time; no later night takes that time away again.
    """
    Outlook.objects.filter(follow_up__respondent=respondent).update(alive=WHOLE, made_at=now)
