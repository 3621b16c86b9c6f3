"""The page on which an operator sees the background work."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.permissions import Permission
from config import operator_words as words
from config.operator_figures import Figures, JobLine, figures
from config.operator_judging import Fault, Trouble, troubles
from kernel import clock


@require_safe
@requires(Permission.SEE_BACKGROUND)
def background(request: HttpRequest) -> HttpResponse:
    """Queue, lag, jobs, failures and clusters at this moment, and what to do where something is not well."""
    seen = figures(clock.wall())
    return render(request, "config/background.html", in_words(seen, troubles(seen)))


def in_words(seen: Figures, found: tuple[Trouble, ...]) -> dict[str, Any]:
    """The figures as the page shows them; spans in words, counts as they are."""
    since = seen.queue.since if seen.queue else None
    faults = {one.fault for one in found}
    return {
        "seen": seen,
        "tick": seen.job("tick").run,
        "faults": {"behind": Fault.BEHIND in faults, "waits": Fault.QUEUE_WAITS in faults},
        "troubles": [(words.sentence(one), words.NEXT_STEP[one.fault]) for one in found],
        "waits": words.ago(seen.at - since) if since else "",
        "lag": words.ago(seen.lag) if seen.lags else "",
        "lags": [(words.LAGS[kind], words.ago(lag)) for kind, lag in seen.lags.items()],
        "jobs": [_job(job, seen, found) for job in seen.jobs],
        "in_a_day": sum(one.in_a_day for one in seen.failed),
        "failed": [(words.job(one.task), one, words.ago(seen.at - one.last)) for one in seen.failed],
        "clusters": [(one, words.ago(seen.at - one.since)) for one in seen.clusters],
    }


def _job(job: JobLine, seen: Figures, found: tuple[Trouble, ...]) -> dict[str, Any]:
    run = job.run
    return {
        "label": words.job(job.name),
        "is_well": not any(one.job == job.name for one in found),
        "minutes": job.minutes,
        "ended": words.ago(seen.at - run.ended) if run and run.ended else "",
        "seconds": run.seconds if run and run.ended else None,
        "moved": words.moved(run.moved) if run and run.ended else "",
        "next_at": job.next_at,
    }
