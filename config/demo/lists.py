"""A call list of invented people, brought in as a coordinator brings one in: a file, a mapping, one import."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta

from casework.importing import import_cases
from config.demo.setting_up import World
from config.demo.sketches import YES, Sketch
from consent.purposes import Purpose
from kernel.countries import zones_of
from tracker.keeping import SafeContact
from tracker.models import SourceCase
from tracker.profile import AgeBand
from vault.keyed import case_key

SOURCE = "baseline-2"
MAPPING = """
source = "baseline-2"
team = "TUN"

[case_id]
column = "case"

[[numbers]]
column = "phone"
whose = "own"

[language]
column = "language"
values = {{ {languages} }}

[stage]
column = "stage"
values = {{ {stages} }}

[country]
column = "country"
values = {{ {countries} }}

[profile.sex]
column = "sex"
values = {{ woman = "woman", man = "man", not_said = "not_said" }}

[consent]
column = "agreed"
granted = ["yes"]
refused = ["no"]
date_column = "agreed_on"

[consent.terms]
mode = "in_person"
wordings = {{ interview = 1, keep_number = 1, recontact = 1 }}
"""
TEAM = "TUN"
FIRST_DAYS, LAST_DAYS = timedelta(days=10), timedelta(days=22)
"""Who was met between these days of the study came in by list."""
COLUMNS = ("case", "phone", "language", "stage", "country", "sex", "agreed", "agreed_on")


def is_on_the_list(world: World, sketch: Sketch) -> bool:
    """Whether somebody comes in by list: met in those days by the team, of age, with a yes and one number."""
    agreed = sketch.answers[Purpose.RECONTACT] is YES and sketch.age_band != AgeBand.UNDER_18
    in_time = world.began + FIRST_DAYS <= sketch.enrolled_at < world.began + LAST_DAYS
    return in_time and agreed and sketch.panel.team == TEAM and len(sketch.numbers) == 1


def bring_in(world: World, sketches: Sequence[Sketch], at: datetime) -> None:
    """Import them, and remember who is who: the importer draws the pseudonyms."""
    assert world.study is not None  # noqa: S101  # nosec B101
    by = world.staff["coordinator"]
    import_cases(content=_file(sketches), mapping_text=_mapping(sketches), study=world.study, by=by, now=at)
    cases = SourceCase.objects.filter(source=SOURCE).select_related("respondent")
    people = {bytes(case.case_key): case.respondent for case in cases if case.respondent}
    for place, sketch in enumerate(sketches):
        person = people.get(case_key(SOURCE, _case(place)))
        if person is not None:
            world.came_in_lists[person.pk] = sketch.person
            world.people.append((sketch, person))
            world.diary.meets(person, zones_of(sketch.place.country), at, listed=sketch)
            [point] = person.contact_points.all()
            world.diary.keeps_number(point, sketch.numbers[0], SafeContact())
            world.diary.enrolled += 1
            world.diary.followed += 1


def _file(sketches: Sequence[Sketch]) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for place, one in enumerate(sketches):
        agreed_on = one.enrolled_at.date().isoformat()
        country, sex = one.place.country, one.sex.value
        rows.writerow(
            (_case(place), one.numbers[0], one.language, one.stage.value, country, sex, "yes", agreed_on)
        )
    return text.getvalue().encode()


def _mapping(sketches: Sequence[Sketch]) -> str:
    def same(words: set[str]) -> str:
        return ", ".join(f'"{word}" = "{word}"' for word in sorted(words))

    return MAPPING.format(
        languages=same({one.language for one in sketches}),
        stages=same({one.stage.value for one in sketches}),
        countries=same({one.place.country for one in sketches}),
    )


def _case(place: int) -> str:
    return f"B2-{place:05d}"
