"""What came of an enrolment, and the sentence that tells it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from casework.joining import Followed
from followups.models import FollowUp
from tracker.models import Respondent


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Who was enrolled, whether they will be called, and the first follow-up: None also where nobody is called now."""

    respondent: Respondent
    followed: Followed
    follow_up: FollowUp | None
    was_known: bool = False

    @property
    def sentence(self) -> str:
        """What happened, for the person who typed it in."""
        if self.was_known:
            again = _(
                "This form had arrived before: %(code)s is enrolled as it was sent first, and only once."
            )
            return again % {"code": self.respondent.spoken_code}
        is_waiting = self.followed is Followed.YES and self.follow_up is None
        words = _(
            "%(code)s is enrolled. Nobody is called at this stage of a journey; a coordinator will look again."
        )
        sentence = words if is_waiting else _sentence_for(self.followed)
        return sentence % {"code": self.respondent.spoken_code}


def _sentence_for(followed: Followed) -> str:
    sentences = {
        Followed.YES: _("%(code)s is enrolled, and the first follow-up is planned."),
        Followed.NOT_AGREED: _(
            "%(code)s is counted in the baseline. They did not agree to be called and to have their number kept, so no"
            " number was kept and nobody will call."
        ),
        Followed.UNDER_18: _(
            "%(code)s is counted in the baseline. They are under 18, so no number was kept and nobody will call."
        ),
    }
    return sentences[followed]
