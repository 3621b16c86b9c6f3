"""Writing down a move in somebody's journey, as they state it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from kernel.errors import Conflict, DomainError
from tracker.models import Respondent, Transition
from tracker.models.respondents import Status
from tracker.stages import Stage
from tracker.whereabouts import Move, Whereabouts, clocks_after


@transaction.atomic
def record(
    *,
    respondent: Respondent,
    stage: Stage,
    country: str,
    zone: str,
    at: datetime,
    by: User,
    now: datetime,
    is_reported: bool = False,
) -> Transition:
    """Add a move to the history and bring stage, country and clocks of `respondent` up to date.

    `country` and `zone` are "" when the person does not say; what was known before then stays, less sure where they
    moved on. `at` is when they moved; `is_reported` when somebody else says so.
    Raises `move_in_future`, `move_before_last`, `not_taking_part`, `unknown_country` and `unknown_zone`.
    """
    current = Respondent.objects.select_for_update(no_key=True).get(pk=respondent.pk)
    _check_person(current)
    _check_date(current, at, now)
    where = Whereabouts(country=country, zone=zone).checked()
    _update(respondent, current, Move(Stage(stage), where, at, is_reported))
    transition = Transition.objects.create(
        respondent=respondent,
        stage=respondent.stage,
        country=where.country,
        zones=respondent.zones,
        at=at,
        recorded_at=now,
        by=by,
    )
    trail.record(
        Action.STAGE_MOVED,
        by=by,
        at=now,
        audit_ref=current.audit_ref,
        detail={"from": current.stage, "to": stage.value},
    )
    return transition


def _check_person(respondent: Respondent) -> None:
    if respondent.status == Status.ERASED:
        raise DomainError(
            "not_taking_part",
            _("This person was erased, so nothing more is written about them."),
            kept=_("Nothing was recorded."),
        )


def _check_date(respondent: Respondent, at: datetime, now: datetime) -> None:
    kept = _("Nothing was recorded; what you chose is still in the form.")
    if at > now:
        raise DomainError(
            "move_in_future",
            _("This date has not come yet. A move is recorded once the person says that it has happened."),
            kept=kept,
            next_step=_("Give today’s date or an earlier one."),
        )
    if at < respondent.stage_since:
        raise DomainError(
            "move_before_last",
            _("An earlier move is already recorded on %(on)s, and the journey cannot be rewritten behind it.")
            % {"on": f"{respondent.stage_since:%Y-%m-%d}"},
            kept=kept,
            next_step=_("Give that day or a later one."),
        )


def _update(respondent: Respondent, current: Respondent, move: Move) -> None:
    """Write through a condition, so that of two moves recorded at once the second is told and not lost."""
    known = tuple(current.zones), current.zone_source
    zones, source = clocks_after(move, stage=Stage(current.stage), known=known)
    changes: dict[str, object] = {"stage": move.stage.value, "stage_since": move.at}
    changes |= {"zones": list(zones), "zone_source": source}
    if move.where.country:
        changes["country"] = move.where.country
    same = Respondent.objects.filter(pk=current.pk, stage=current.stage, stage_since=current.stage_since)
    if not same.update(**changes):
        raise Conflict(
            "moved_meanwhile",
            _("Somebody else recorded a move of this person just now."),
            kept=_("Nothing was recorded."),
            next_step=_("Look at their page again, and record the move if it is still missing."),
        )
    for name, value in changes.items():
        setattr(respondent, name, value)
