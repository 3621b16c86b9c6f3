"""The architecture holds, and every rule is shown to catch a planted violation."""

from collections.abc import Callable, Iterator

import pytest

from kernel import holdings
from tests.architecture import rules
from tests.architecture.rules import PURE, ROOT, Source, first_party, source

Rule = Callable[[Source], Iterator[str]]


def broken(rule: Rule) -> list[str]:
    return [problem for file in first_party() for problem in rule(file)]


def pure_files() -> list[Source]:
    return [
        source(path.relative_to(ROOT).as_posix(), path.read_text())
        for pattern in PURE
        for path in sorted(ROOT.glob(pattern))
    ]


@pytest.mark.parametrize(
    "rule",
    [
        rules.against_the_line,
        rules.writes_in_views,
        rules.long_views,
        rules.unscoped_reads,
        rules.permits_made,
        rules.cryptography_outside_the_vault,
        rules.forbidden_shapes,
        rules.wall_clock_outside_its_room,
    ],
)
def test_no_file_of_the_house_breaks_the_rule(rule):
    assert broken(rule) == []


def test_pure_files_touch_no_database_and_no_clock():
    assert [problem for file in pure_files() for problem in rules.impure(file)] == []


def test_every_pattern_of_pure_files_names_at_least_one():
    assert [pattern for pattern in PURE if not list(ROOT.glob(pattern))] == []


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (rules.against_the_line, "consent/asking.py", "from tracker.models import Respondent"),
        (rules.against_the_line, "vault/opening.py", "def f():\n    import followups"),
        (rules.against_the_line, "kernel/clock.py", "from config import settings"),
        (rules.writes_in_views, "followups/views.py", "def v(r):\n    row.save()"),
        (rules.writes_in_views, "tracker/views.py", "def v(r):\n    Study.objects.create(code='X')"),
        (
            rules.writes_in_views,
            "tracker/report_views.py",
            "def v(r):\n    Study.objects.filter().update(code='X')",
        ),
        (
            rules.writes_in_views,
            "tracker/views.py",
            "def v(r):\n    try:\n        f()\n    except ValueError:\n        pass",
        ),
        (rules.long_views, "tracker/views.py", "def v(r):\n" + "    f()\n" * 30),
        (rules.unscoped_reads, "tracker/views.py", "def v(r):\n    return Study.objects.all()"),
        (rules.permits_made, "followups/calling/revealing.py", "p = Permit(subject=s)"),
        (rules.permits_made, "reports/board.py", "p = permits.Permit(subject=s)"),
        (
            rules.cryptography_outside_the_vault,
            "tracker/reaching.py",
            "from cryptography.fernet import Fernet",
        ),
        (rules.forbidden_shapes, "tracker/utils.py", "x = 1"),
        (rules.forbidden_shapes, "tracker/apps.py", "from django.db.models.signals import post_save"),
        (
            rules.wall_clock_outside_its_room,
            "followups/planning.py",
            "from datetime import datetime\nx = datetime.now()",
        ),
        (rules.wall_clock_outside_its_room, "followups/planning.py", "from django.utils.timezone import now"),
        (rules.impure, "followups/scheduling/slots.py", "from django.db import models"),
        (rules.impure, "followups/scheduling/slots.py", "from followups.models import FollowUp"),
        (rules.impure, "consent/folding.py", "from datetime import datetime\nx = datetime.now()"),
        (rules.impure, "consent/folding.py", "from kernel.clock import now"),
    ],
)
def test_a_planted_violation_is_caught(rule, path, text):
    assert list(rule(source(path, text)))


def test_permits_may_be_made_by_consent_and_by_accounts():
    assert list(rules.permits_made(source("consent/permits.py", "p = Permit(subject=s)"))) == []


def test_every_field_of_every_model_says_what_it_holds():
    assert holdings.every_field_is_classified(None) == []


def test_a_field_that_keeps_silent_and_one_that_must_not_exist_are_caught():
    from django.db import models
    from django.test.utils import isolate_apps

    with isolate_apps("kernel"):

        class Planted(models.Model):
            colour = models.CharField(max_length=5)
            first_name = holdings.held(
                models.CharField(max_length=5),
                holdings.DataClass.IDENTIFYING,
                "planted",
                holdings.Retention.PANEL,
            )

            class Meta:
                app_label = "kernel"

        found = {problem.id for problem in holdings.problems_of(Planted)}

    assert found == {"kernel.E001", "kernel.E002"}
