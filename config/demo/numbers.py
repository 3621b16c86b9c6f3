"""Numbers of invented people: told when they are asked or by calling in themselves, or to be left alone."""

from datetime import datetime

from accounts.models import User
from casework.adding import add_number
from casework.correcting import Learned, set_aside
from casework.joining import NumberGiven
from casework.stopping import record_a_stop
from config.demo.setting_up import World
from followups.gateways.simulated.lines import card_at, lines_at
from followups.gateways.simulated.numbers import number_of
from tracker.keeping import SafeContact
from tracker.models import Respondent
from tracker.models.contact_points import Whose
from tracker.models.respondents import Status


def told_when_asked(world: World, person: Respondent, by: User, at: datetime) -> None:
    """“Is this still the number to call?” A card they got since they last gave one is taken down."""
    who = world.behind(person.pk)
    known = list(person.contact_points.in_use().values_list("added_at", flat=True))
    if who is None or not known or card_at(who, at).since <= max(known):
        return
    if Respondent.objects.filter(pk=person.pk, status=Status.ACTIVE).exists():
        take_down(world, person, who, by, at)


def take_down(world: World, person: Respondent, who: int, by: User, at: datetime) -> None:
    """Keep the number they have now, safe at any decent hour, and set aside those they no longer use."""
    old = list(person.contact_points.in_use().order_by("position", "added_at"))
    lines = lines_at(who, at)
    number = number_of(who, lines[0])
    whose = Whose(old[0].whose) if old else Whose.OWN
    point = add_number(respondent=person, given=NumberGiven(number, whose=whose), by=by, now=at)
    world.diary.new_numbers += 1
    world.diary.keeps_number(point, number, SafeContact())
    for gone in old[: len(old) - (len(lines) - 1)]:
        set_aside(contact_point=gone, learned=Learned.RETIRED, by=by, now=at)


def leave_alone(world: World, number: str, by: User, at: datetime) -> None:
    """Somebody says a number that nobody is to call again; nobody learns whose it is."""
    record_a_stop(said=number, keep_refusal=True, by=by, now=at, even_seconds=0)
    world.diary.stops += 1
    world.diary.numbers_stopped.setdefault(number, at)
