"""The background work in words: jobs, what a tick moved, how long ago, and what to do about what is not well."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config.operator_figures import ELSEWHERE, Due
from config.operator_judging import Fault, Trouble
from vault.rotation.nightly import NOTHING

JOBS: Mapping[str, Any] = {
    "tick": gettext_lazy("Tick: opens, looks at and closes follow-ups"),
    "beat": gettext_lazy("Beat: shows that a worker works"),
    "learning": gettext_lazy("Choice of slots: learns when people can be reached"),
    "trail": gettext_lazy("Seals of the trail"),
    "trail_check": gettext_lazy("Check of the seals"),
    "vault-keys": gettext_lazy("Change of keys"),
    "upkeep": gettext_lazy("Upkeep of the phone index and keys"),
    "retention": gettext_lazy("Deletion of what was kept for long enough"),
    ELSEWHERE: gettext_lazy("A task that is none of these"),
}
MOVED: Mapping[str, Any] = {
    "claims_released": gettext_lazy("calls taken back"),
    "orders_cancelled": gettext_lazy("dials cancelled"),
    "opened": gettext_lazy("opened"),
    "closed": gettext_lazy("closed"),
    "planned": gettext_lazy("planned"),
    "opened_next": gettext_lazy("opened after that"),
    "looked_at": gettext_lazy("looked at"),
    "begun": gettext_lazy("put into the queue"),
    "replanned": gettext_lazy("planned again"),
    "studies_ended": gettext_lazy("ended with their study"),
    "requests_expired": gettext_lazy("requests ended"),
}
"""`waiting_counted` is left out: it counts, and moves nothing."""
WAITS_FOR = "waits_for"
"""Said of a change of keys: what it waits for, or that it is through."""
LAGS: Mapping[Due, Any] = {
    Due.WINDOW_TO_OPEN: gettext_lazy("Oldest window that should be open"),
    Due.LOOK: gettext_lazy("Oldest follow-up that should be looked at"),
    Due.WINDOW_TO_CLOSE: gettext_lazy("Oldest window that should be closed"),
}
OF_THE_WHOLE: Mapping[Fault, Any] = {
    Fault.WORKER_SILENT: gettext_lazy("No worker has shown a sign of life for three minutes."),
    Fault.TICK_SILENT: gettext_lazy("No tick has come through for three minutes: nothing new can be called."),
    Fault.QUEUE_AWAY: gettext_lazy("The queue does not answer."),
    Fault.QUEUE_WAITS: gettext_lazy("A task has waited in the queue for more than three minutes."),
    Fault.BEHIND: gettext_lazy("Some follow-ups have been due for more than ten minutes."),
}
OF_A_JOB: Mapping[Fault, Any] = {
    Fault.JOB_OFF: gettext_lazy("“%(job)s” is switched off."),
    Fault.JOB_FAILED: gettext_lazy("“%(job)s” failed, and has not come through since."),
    Fault.JOB_CUT_OFF: gettext_lazy("“%(job)s” began and did not come to an end."),
    Fault.JOB_LATE: gettext_lazy("“%(job)s” is late."),
}
NEXT_STEP: Mapping[Fault, Any] = {
    Fault.WORKER_SILENT: gettext_lazy(
        "See whether “manage.py up” is running; its log says what it restarted."
    ),
    Fault.TICK_SILENT: gettext_lazy("The log says what went wrong in the last tick."),
    Fault.QUEUE_AWAY: gettext_lazy("Start Redis again. Nothing is lost: the next tick finds what is due."),
    Fault.QUEUE_WAITS: gettext_lazy(
        "It is done when the workers get to it; more workers (Q_WORKERS) do more."
    ),
    Fault.BEHIND: gettext_lazy("After a long stop this goes down by itself; see whether it does."),
    Fault.JOB_OFF: gettext_lazy("Start “manage.py up” again: it switches every job on."),
    Fault.JOB_FAILED: gettext_lazy("The log says why. It is tried again when it is next due."),
    Fault.JOB_CUT_OFF: gettext_lazy(
        "Its worker was ended. If that repeats, the log of the machine may say why."
    ),
    Fault.JOB_LATE: gettext_lazy("See whether the worker has too much to do."),
}


def sentence(trouble: Trouble) -> str:
    if trouble.job:
        return str(OF_A_JOB[trouble.fault]) % {"job": job(trouble.job)}
    return str(OF_THE_WHOLE[trouble.fault])


def job(name: str) -> str:
    """The job in words; its name where it has none yet."""
    return str(JOBS.get(name, name))


def moved(counts: Mapping[str, Any]) -> str:
    """What a run moved, without what it did not."""
    told = [_told(name, count) for name, count in counts.items() if count]
    return " · ".join(line for line in told if line) or _("nothing")


def _told(name: str, count: Any) -> str:
    if name == "waiting_counted":
        return ""
    if name == WAITS_FOR:
        return "" if count == NOTHING else _("keys are being changed")
    return f"{MOVED.get(name, name)}: {count}"


def ago(span: timedelta) -> str:
    """A span in its largest whole unit."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 120:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    if seconds < 2 * 3600:
        return ngettext("%(n)s minute", "%(n)s minutes", seconds // 60) % {"n": seconds // 60}
    if seconds < 2 * 86400:
        return ngettext("%(n)s hour", "%(n)s hours", seconds // 3600) % {"n": seconds // 3600}
    return ngettext("%(n)s day", "%(n)s days", seconds // 86400) % {"n": seconds // 86400}
