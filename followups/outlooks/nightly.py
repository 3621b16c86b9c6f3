"""Learning while few are called: a model once a night, then everybody's outlook, slice by slice from a cursor."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from followups.models import ContactModel
from followups.outlooks import stretches
from followups.outlooks.foreseeing import finish, foresee, next_stretch, owed_at
from followups.outlooks.making import is_on, make_model, newest, parameters_of
from followups.outlooks.reading import owed_in
from followups.outlooks.writing import AT_ONCE, write
from kernel import clock
from kernel.budgets import WORK_SECONDS, Keep, for_seconds

QUIET_HOURS = range(0, 5)
"""In UTC: the work begins in them, and goes on after them if it has to."""
A_NIGHT, TOO_LONG = timedelta(hours=18), timedelta(hours=36)
"""How old the newest model is at least when another is made; how old it may get before that is done by day."""


def learn() -> dict[str, int]:
    """What the background worker calls, by name and without arguments."""
    return run(clock.now())


def run(now: datetime, *, work_seconds: float = WORK_SECONDS) -> dict[str, int]:
    """One pass, at most some `work_seconds` long: how many models were made, and outlooks written. Safe to kill and to
    repeat; of several workers at once, each slice is done by one."""
    if not is_on():
        return {}
    keep = for_seconds(work_seconds)
    model = newest()
    made = 0
    if is_due(model, now):
        model, made = _made(now)
    return {"models": made, "outlooks": _go_on(model, now, keep) if model else 0}


def is_due(model: ContactModel | None, now: datetime) -> bool:
    """Whether it is time for another model."""
    if model is None:
        return True
    age = now - model.made_at
    return age >= TOO_LONG or (age >= A_NIGHT and now.hour in QUIET_HOURS)


def _made(now: datetime) -> tuple[ContactModel | None, int]:
    try:
        return make_model(now=now), 1
    except IntegrityError:
        # Another worker made this version a moment ago; its outlooks are worked on together.
        return newest(), 0


def _go_on(model: ContactModel, now: datetime, keep: Keep) -> int:
    """Write outlooks from where the model's cursor stands, until everybody has theirs or the time is over."""
    if model.finished_at is not None:
        return 0
    parameters, width, done = parameters_of(model), stretches.width_for(AT_ONCE, owed_at(now)), 0
    while keep():
        part = next_stretch(model.done_up_to, width)
        if part is None:
            finish(model, now)
            break
        # Worked out before anything is locked: on SQLite a claim would wait for it.
        rows = foresee(owed_in(*part, now), parameters, now)
        with transaction.atomic():
            write(rows, model=model.version, at=now)
            if not _come_to(model, part[1]):
                break
        done += len(rows)
    return done


def _come_to(model: ContactModel, last: UUID) -> bool:
    """Move the cursor on; False when another worker has moved it meanwhile and goes on from there."""
    here = ContactModel.objects.filter(pk=model.pk, done_up_to=model.done_up_to)
    if not here.update(done_up_to=last):
        return False
    model.done_up_to = last
    return True
