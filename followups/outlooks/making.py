"""Making a contact model from a sample of the panel: warm from the one before, its priors where little is known."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from secrets import randbits

import numpy as np
from django.conf import settings
from django.db import transaction

from accounts.models import User
from audit import trail
from audit.actions import Action
from followups.contact_model.fitting import fit
from followups.contact_model.parameters import Parameters
from followups.models import ContactModel
from followups.outlooks import stretches
from followups.outlooks.history import ANY, History, evidence_of_all, joined
from followups.outlooks.reading import seconds, tried_in
from tracker.models import Respondent

SAMPLE = 20_000
"""People a model is made from at most."""
MOST_SEGMENTS, LEAST_PEOPLE = 60, 50
"""Segments with pooled chances of their own, and people of the sample in each at least: few say little, and of few
nothing is kept."""


def is_on() -> bool:
    """Whether slots are chosen by what was learned."""
    return bool(settings.CONTACT_MODEL)


def newest() -> ContactModel | None:
    """The model made last."""
    return ContactModel.objects.newest_first().first()


def parameters_of(model: ContactModel) -> Parameters:
    """What it learned; what a program before an upgrade kept no word of is believed as before the first dial."""
    believed = Parameters().to_json()
    return Parameters.from_json(
        believed | {name: kept for name, kept in model.parameters.items() if name in believed}
    )


def make_model(*, now: datetime, by: User | None = None) -> ContactModel:
    """Fit a model to what is known at `now` and keep it as the next version. Raises IntegrityError when another process
    made that version meanwhile."""
    before = newest()
    version = before.version + 1 if before else 1
    history = sample(version, now)
    parameters = _fitted(history, parameters_of(before) if before else Parameters(), now)
    with transaction.atomic():
        made = ContactModel.objects.create(
            version=version,
            parameters=parameters.to_json(),
            # The same from model to model: who waits for their slot is not moved about by chance every night.
            seed=before.seed if before else randbits(31),
            made_at=now,
            people=history.people,
            dials=history.dials,
        )
        detail = {"version": version, "people": history.people, "dials": history.dials}
        trail.record(Action.CONTACT_MODEL_MADE, by=by, at=now, object_type="contact_model", detail=detail)
    return made


def sample(version: int, now: datetime) -> History:
    """People with a history, from a stretch of ids that each version begins elsewhere; wider until it has enough."""
    everybody = Respondent.objects.count()
    start = int(np.random.default_rng(version).integers(0, 1 << 62)) << 66
    width = stretches.width_for(SAMPLE * 5 // 4, everybody)
    while True:
        found = joined([tried_in(*part, now) for part in stretches.around(start, width)])
        if found.people >= SAMPLE // 2 or width >= stretches.IDS:
            return found.first(SAMPLE)
        width = min(width * 4, stretches.IDS)


def _fitted(history: History, start: Parameters, now: datetime) -> Parameters:
    known = _segments_worth_keeping(history)
    start = replace(start, by_segment=_only(known, start.by_segment), doubts=_only(known, start.doubts))
    if not history.people:
        return start
    return fit(evidence_of_all(history.with_segments(known), seconds(now)), start)


def _only(known: Collection[str], by_name: Mapping[str, tuple[float, ...]]) -> dict[str, tuple[float, ...]]:
    return {name: values for name, values in by_name.items() if name in known}


def _segments_worth_keeping(history: History) -> set[str]:
    people = Counter(history.segment.tolist())
    largest = people.most_common(MOST_SEGMENTS)
    return {ANY} | {history.segments[place] for place, many in largest if many >= LEAST_PEOPLE}
