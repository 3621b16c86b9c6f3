"""What a search for somebody has tried and what is left, in words, for the page of that person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from consent import asking
from consent.purposes import Purpose
from followups import facts
from followups.models import FollowUp
from followups.scheduling import tracing_order
from followups.scheduling.tracing_order import Closed, Route, Step
from kernel.errors import Sentence
from tracker.models import Respondent

ROUTES: Mapping[Route, Sentence] = {
    Route.OWN_NUMBER: _("a number of their own"),
    Route.MESSAGE: _("a message, to arrange a call"),
    Route.TRUSTED_PERSON: _("somebody they trust"),
    Route.INBOUND: _("the line they can call: a missed call is enough"),
    Route.PARTNER: _("a partner or an enumerator near where they were"),
}

CLOSED: Mapping[Closed, Sentence] = {
    Closed.BARRED: _("never dialled, as somebody who answers it asked"),
    Closed.NOT_IN_USE: _("not dialled: it is dead, or not theirs, or not safe"),
    Closed.NOT_AGREED: _("not used: they have not agreed to it"),
    Closed.NO_WORDS: _("not called: they chose no words for whoever answers"),
    Closed.TRIED: _("tried as often as it may be"),
    Closed.SILENT: _("not dialled any more: it has not answered for long"),
    Closed.OWN_FIRST: _("after their own numbers"),
    Closed.NO_GATEWAY: _("skipped: no way to send messages is set up"),
    Closed.CALLS_FIRST: _("after the calls"),
}

OPEN: Mapping[Route, Sentence] = {
    Route.OWN_NUMBER: _("called next, when it is safe"),
    Route.MESSAGE: _("next"),
    Route.TRUSTED_PERSON: _("called next, with the words they chose, when it is safe"),
    Route.INBOUND: _("open: write it down when they come to us"),
    Route.PARTNER: _("for a coordinator to ask; tell nobody why"),
}


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step in words; `tries` are those of this search, at a number."""

    what: Sentence
    how: Sentence
    tries: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Search:
    """A search in progress: since when, why, and its steps in order."""

    follow_up: FollowUp
    steps: tuple[ShownStep, ...]

    @property
    def since(self) -> datetime | None:
        return self.follow_up.tracing_since


def search_for(respondent: Respondent, *, now: datetime) -> Search | None:
    """The search for somebody, as it stands; None when nobody is looking for them."""
    row = FollowUp.objects.of(respondent).in_tracing().with_facts().order_by("closes_at").first()
    if row is None:
        return None
    may_message = asking.permits(respondent.pk, Purpose.MESSAGE, now=now)
    found = tracing_order.steps(facts.situation_of(row, now=now), may_message=may_message)
    return Search(row, tuple(_shown(step) for step in found))


def _shown(step: Step) -> ShownStep:
    how = OPEN[step.route] if step.closed is None else CLOSED[step.closed]
    return ShownStep(ROUTES[step.route], how, step.tries, step.is_open)
