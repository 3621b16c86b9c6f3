"""The only place that reads the wall clock; views and commands call it, everything else is told the time.

In the synthetic demo `manage.py live` lets time run faster: all processes then read the same clock from a small file.
"""

import os
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from kernel import courses
from kernel.courses import Course

Stamp = tuple[int, int, int]
"""What tells one version of a file from the next."""


def now() -> datetime:
    """The present as an aware UTC datetime; in the demo, what the demo's clock shows."""
    return course().at(wall())


def wall() -> datetime:
    """The real moment, for what watches processes and not people's days."""
    return timezone.now()


def course() -> Course:
    """The course of the demo's clock; the wall's where the file that keeps it is absent or broken, or in no demo."""
    if not settings.RECONTACT_DEMO:
        return Course()
    path = str(settings.DEMO_CLOCK_FILE)
    try:
        found = os.stat(path)
    except OSError:
        return Course()
    return _kept(path, (found.st_mtime_ns, found.st_ino, found.st_size))


def keep(new: Course) -> None:
    """Let every process of the demo go by this course from now on; a reader sees the old file or the new one."""
    path = Path(settings.DEMO_CLOCK_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(courses.written(new))
    fresh.replace(path)


@lru_cache(maxsize=4)
def _kept(path: str, stamp: Stamp) -> Course:
    try:
        return courses.read(Path(path).read_text())
    except (OSError, ValueError):
        return Course()
