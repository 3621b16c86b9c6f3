"""How stages and number statuses are called on screens."""

from django.utils.translation import gettext_lazy as _

from tracker.number_status import NumberStatus
from tracker.stages import Stage

STAGE_LABELS = [
    (Stage.ORIGIN.value, _("preparing to leave")),
    (Stage.IN_TRANSIT.value, _("in transit")),
    (Stage.STRANDED.value, _("stuck on the way")),
    (Stage.CROSSING.value, _("crossing")),
    (Stage.DETAINED.value, _("detained")),
    (Stage.ARRIVED.value, _("arrived, less than six months ago")),
    (Stage.SETTLED.value, _("settled, six months or more")),
    (Stage.RETURNED.value, _("returned")),
    (Stage.ONWARD.value, _("moving on again")),
    (Stage.UNKNOWN.value, _("not known")),
]

NUMBER_STATUS_LABELS = {
    NumberStatus.ACTIVE: _("works"),
    NumberStatus.UNVERIFIED: _("not tried yet"),
    NumberStatus.TEMPORARILY_OFF: _("switched off or out of coverage"),
    NumberStatus.NO_ANSWER_STREAK: _("nobody answers"),
    NumberStatus.DISCONNECTED: _("disconnected"),
    NumberStatus.NON_WORKING: _("does not work"),
    NumberStatus.OUT_OF_SERVICE_TEMP: _("out of service for now"),
    NumberStatus.CHANGED: _("changed"),
    NumberStatus.WRONG_PERSON: _("belongs to somebody else"),
    NumberStatus.UNSAFE: _("unsafe, never dialled"),
    NumberStatus.WITHDRAWN: _("withdrawn"),
}


def stage_label(stage: str) -> str:
    """The stage in the reader's language."""
    return str(dict(STAGE_LABELS)[stage])
