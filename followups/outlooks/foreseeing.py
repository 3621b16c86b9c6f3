"""The outlooks of everybody who is owed an interview, by the newest model: in slices, by one process or several."""

import multiprocessing
import resource
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db import connections

from followups.contact_model.evidence import SLOT_COUNT
from followups.contact_model.outlook import outlook_of
from followups.contact_model.parameters import Parameters
from followups.models import ContactModel, FollowUp, Outlook
from followups.models.follow_ups import LIVE, State
from followups.outlooks import stretches
from followups.outlooks.history import History, evidence_by_rounds
from followups.outlooks.making import make_model, parameters_of
from followups.outlooks.packing import in_255ths, packed
from followups.outlooks.reading import SOON, Stretch, owed_in, seconds
from followups.outlooks.writing import Row, write

AT_ONCE = 20_000
"""People worked out together: some hundred megabytes."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a whole night's work came to: follow-ups with a new outlook, how long it took with the model, and the memory
    of all its processes at their largest."""

    people: int
    seconds: float
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class _Share:
    """What one process does."""

    model: int
    parameters: Parameters
    within: stretches.Stretch
    width: int
    now: datetime


def choose_all(now: datetime, processes: int = 2) -> Chosen:
    """Make a model and the outlooks of everybody owed an interview. What a killed run left, the next one writes over.

    With several processes no transaction may be open, for none of their connections can be shared.
    """
    started = time.monotonic()
    model = make_model(now=now)
    parameters, width = parameters_of(model), stretches.width_for(AT_ONCE, owed_at(now))
    shares = [_Share(model.version, parameters, part, width, now) for part in stretches.shares(processes)]
    done = list(map(_do, shares)) if processes == 1 else _apart(shares)
    finish(model, now)
    people, largest = sum(many for many, _peak in done), sum(peak for _many, peak in done)
    return Chosen(people, time.monotonic() - started, largest + (_peak() if processes > 1 else 0))


def foresee(stretch: Stretch, parameters: Parameters, now: datetime) -> list[Row]:
    """The outlooks of one stretch, as they are written."""
    chances, alive = outlooks_of(stretch.history, parameters, now)
    return [
        (pk, chances[person], alive[person])
        for pk, person in zip(stretch.follow_ups, stretch.person, strict=True)
    ]


def outlooks_of(history: History, parameters: Parameters, now: datetime) -> tuple[list[bytes], list[int]]:
    """Of each person of a history: chances, doubts and what a dial has to promise, in bytes; and how likely their
    number is alive, in 255ths."""
    chances = np.zeros((history.people, SLOT_COUNT), np.float32)
    doubts = np.zeros_like(chances)
    alive, least = np.zeros(history.people, np.float32), np.zeros(history.people, np.float32)
    known = history.with_segments(parameters.by_segment)
    for places, evidence in evidence_by_rounds(known, seconds(now)):
        found = outlook_of(parameters, evidence)
        chances[places], doubts[places] = found.chances, found.doubts
        alive[places], least[places] = found.alive, found.least
    return packed(chances, doubts, least), in_255ths(alive)


def owed_at(now: datetime) -> int:
    """How many follow-ups are owed or about to be."""
    live = FollowUp.objects.filter(state__in=LIVE).count()
    return int(live + FollowUp.objects.filter(state=State.PLANNED, opens_at__lte=now + SOON).count())


def finish(model: ContactModel, now: datetime) -> None:
    """Everybody has an outlook by this model; those of follow-ups that are over go."""
    ContactModel.objects.filter(pk=model.pk).update(done_up_to=stretches.LAST, finished_at=now)
    Outlook.objects.no_longer_owed().delete()


def _do(share: _Share) -> tuple[int, int]:
    """Work through one share; how many follow-ups, and the memory of this process at its largest."""
    done = 0
    for part in stretches.stretches(*share.within, share.width):
        rows = foresee(owed_in(*part, share.now), share.parameters, share.now)
        write(rows, model=share.model, at=share.now)
        done += len(rows)
    return done, _peak()


def _apart(shares: list[_Share]) -> Iterable[tuple[int, int]]:
    """Each share in a process of its own, which opens connections of its own."""
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(len(shares)) as pool:
        return pool.map(_do, shares, chunksize=1)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def next_stretch(done_up_to: UUID | None, width: int) -> stretches.Stretch | None:
    """The stretch after what is done; None when everything is."""
    first = stretches.FIRST if done_up_to is None else stretches.after(done_up_to)
    return None if first is None else next(stretches.stretches(first, stretches.LAST, width))
