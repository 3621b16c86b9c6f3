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


ONLY_CLOCK = _("Sure: it is the only one of their country.")
CLOCK_CERTAINTY = {
    "stated": _("Sure: they named it."),
    "country": _(
        "Not sure: their country has several clocks. They are called when the hour is decent on each."
    ),
    "number": _("Not sure: guessed from where their number comes from. Ask which country they are in."),
    "moved": _(
        "Not sure: they moved on and did not say where to. They are called when the hour is decent up to two hours "
        "on either side of their last clock. Ask which country they are in."
    ),
    "reported": _(
        "Not sure: somebody else told of the move. They are called when the hour is decent on the old clock and on "
        "the new one. Ask which country they are in."
    ),
}
"""How sure a clock is, by where it comes from (`ZoneSource`)."""
