"""A caller in a process of its own, until a file appears: enrols somebody, claims, dials, sees the number, tells.

python -m tests.vault.dialling_worker <which> <enumerator> <study> <stop file>; at the end one line of JSON.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import OperationalError  # noqa: E402

from accounts.models import User  # noqa: E402
from followups.calling import revealing  # noqa: E402
from followups.models import FollowUp  # noqa: E402
from followups.models.follow_ups import State  # noqa: E402
from kernel.errors import DomainError  # noqa: E402
from tests.factories import make_respondent, synthetic_number  # noqa: E402
from tests.followups.making import ENROLLED, MORNING, claim, dial, make_ready, tell  # noqa: E402
from tracker.models import Study  # noqa: E402


def call(me: User, study: Study, number: str) -> str:
    """One person enrolled and called; what came of it."""
    team = study.teams.get()
    person = make_respondent(study=study, team=team, by=me, now=ENROLLED, numbers=(number,))
    FollowUp.objects.of(person).update(state=State.OPEN)
    make_ready(person, MORNING)
    claimed = claim(me, MORNING)
    if claimed is None:
        return "nobody to call"
    ordered = dial(claimed, MORNING)
    shown = revealing.reveal(dial=ordered.dial, by=me, now=MORNING).number
    tell(ordered.dial.attempt, "no_answer", MORNING)
    return "seen" if shown.startswith("+44") else "wrong"


def main(which: str, enumerator: str, study: str, stop: str) -> None:
    me, found = User.objects.get(pk=enumerator), Study.objects.get(pk=study)
    said: Counter[str] = Counter()
    # Numbers of its own: nobody is called on a line that somebody else was just called on.
    number = (1 + int(which)) * 1000
    while not Path(stop).exists():
        number += 1
        try:
            said[call(me, found, synthetic_number(number))] += 1
        except DomainError as refusal:
            said[refusal.code] += 1
        except OperationalError as busy:
            said[f"database: {busy}"] += 1
        Path(f"{stop}.{os.getpid()}").write_text(str(said.total()))
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
