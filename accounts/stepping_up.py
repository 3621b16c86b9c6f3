"""A second factor given again, just before what cannot be taken back: a door behind the door of `requires`.

allauth's own re-authentication is not used: it is content with a fresh password and keeps the suspended form in the
session. Here the form travels through the page as hidden fields, and only a second factor opens.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import factors, passkeys, sessions
from accounts.access import View
from accounts.models import User
from accounts.requests import StaffRequest
from accounts.step_up_forms import ANSWER, OWN_FIELDS, StepUpForm
from audit import trail
from audit.actions import Action
from kernel import clock
from kernel.errors import DomainError, Sentence

FRESH_FOR_SECONDS = 120
TRIES = 5
TRIES_OF_PERSON = 15
WINDOW_SECONDS = 15 * 60
ACTS_NOT = frozenset({"GET", "HEAD", "OPTIONS"})
SOMETHING = gettext_lazy("You are about to do something that cannot be done lightly.")

Before = Callable[..., Sentence]


def with_fresh_factor(
    view: View | None = None,
    *,
    to: Sentence = SOMETHING,
    when: Callable[[StaffRequest], bool] | None = None,
    first: Before | None = None,
) -> Any:
    """Let a POST pass only within two minutes of a second factor; below `requires`, with or without arguments.

    Otherwise the view does not run: a page (401; 200 for htmx) says what is about to be done (`to`), asks for the code
    and brings what was typed back to the same address. Files are not brought back: the form asks for them again.
    `when` False lets a POST pass that does nothing of the kind. `first` does what must not wait for the answer, every
    time the page is shown, and gives the sentence that says so.
    """

    def decorate(inner: View) -> View:
        @wraps(inner)
        def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in ACTS_NOT:
                return inner(request, *args, **kwargs)
            given = _take_out_answer(request)
            if is_fresh(request) or (when is not None and not when(request)):
                return inner(request, *args, **kwargs)
            form = StepUpForm(given or None, takes_password=takes_password(request.user))
            if form.is_valid() and form.attempt(step_up, request=request, **form.answer):
                return inner(request, *args, **kwargs)
            if given and not _has_tries(request):
                _end_session(request)
            return _ask(request, form, to, first(request, *args, **kwargs) if first else "")

        guarded.needs_fresh_factor = True  # type: ignore[attr-defined]
        return guarded

    return decorate if view is None else decorate(view)


def is_fresh(request: StaffRequest) -> bool:
    """Whether this session's newest second factor was given by this person, 120 seconds ago or less.

    A password is none, however fresh; only in the demo does it stand in for somebody who has no second factor.
    """
    method = "password" if takes_password(request.user) else "mfa"
    given = [one["at"] for one in sessions.records(request, request.user) if one.get("method") == method]
    return bool(given) and 0 <= clock.wall().timestamp() - max(given) <= FRESH_FOR_SECONDS


def takes_password(person: User) -> bool:
    """Whether the password is asked for: in the demo alone, of somebody without a second factor."""
    return not settings.SECOND_FACTOR_REQUIRED and not factors.has_factor(person)


def step_up(*, request: StaffRequest, code: str, passkey: Any) -> None:
    """Take the answer; where it is right the session knows, under a new key.

    Raises `too_many_tries` after five wrong answers within 15 minutes in this session, or 15 in all of theirs, right or
    wrong; `factor_refused`, `passkey_refused`, and `codes_locked` while the vault is locked.
    """
    person = request.user
    taken = take_try(request)
    if not taken:
        raise _too_many_tries()
    try:
        kind = _kind_of(request, code, passkey)
    except DomainError as refusal:
        if refusal.code == "codes_locked":
            cache.delete_many(taken)
        else:
            _record(request, Action.STEP_UP_REFUSED, "refused")
        raise
    forget_tries(request)
    if kind == factors.CODES:
        _record(request, Action.RECOVERY_CODE_USED)
    if kind == "password":
        sessions.note_password(request, person)
    else:
        sessions.note_factor(request, person, kind)
    request.session.cycle_key()
    _record(request, Action.STEPPED_UP)


def _kind_of(request: StaffRequest, code: str, passkey: Any) -> str:
    """What the answer is, where it is right."""
    person = request.user
    if passkey and not takes_password(person):
        passkeys.shown_by(person, passkey)
        return factors.PASSKEY.value
    kind = ""
    if takes_password(person):
        kind = "password" if person.check_password(code) else ""
    elif factors.has_factor(person):
        # Recovery codes alone are no second factor, here as at the entrance.
        kind = factors.kind_of_code(request=request, person=person, code=code)
    if not kind:
        raise _refused(person)
    return kind


# --- The page ---------------------------------------------------------------------------------------------------------


def _take_out_answer(request: HttpRequest) -> dict[str, str]:
    """The answer, if there is one; taken out of the form, so that the view sees what was typed and nothing else."""
    typed: QueryDict = request.POST.copy()
    given = {name: str(typed.pop(name)[-1]) for name in OWN_FIELDS if name in typed}
    typed._mutable = False
    request.POST = typed  # type: ignore[assignment]
    return given


def _ask(request: StaffRequest, form: StepUpForm, to: Sentence, kept: Sentence) -> HttpResponse:
    held = factors.factors_of(request.user)
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {
        "form": form,
        "answer": form[ANSWER],
        "to": to,
        "kept": kept,
        "typed": [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"],
        "address": request.get_full_path(),
        "had_files": bool(request.FILES),
        "may_pass": takes_password(request.user) or held.are_enough,
        "takes_codes": takes_password(request.user) or held.app or held.codes,
        "passkey_options": json.dumps(passkeys.options_to_show(request.user)) if held.passkeys else "",
    }
    is_fragment = bool(getattr(request, "htmx", False))
    response = render(request, "accounts/step_up.html", context, status=200 if is_fragment else 401)
    if is_fragment:
        # htmx would put a 401 among the notices: the question takes the place of the page instead.
        for name, value in {"Retarget": "#main", "Reselect": "#main", "Reswap": "outerHTML"}.items():
            response.headers[f"HX-{name}"] = value
    return response


# --- Limits against guessing ------------------------------------------------------------------------------------------


def _slots(of: str, how_many: int) -> list[str]:
    """The places that tries take, in the cache all processes share; digests, so that it names nobody."""
    digest = salted_hmac("accounts.stepping_up", of, algorithm="sha256").hexdigest()[:32]
    return [f"step-up-{digest}-{n}" for n in range(how_many)]


def _both_slots(request: StaffRequest) -> tuple[list[str], list[str]]:
    """Those of this session and those of its owner: whoever stole one session cannot use up what the owner has.

    Three sessions of one person can, so 15 guesses in 15 minutes are the most.
    """
    session = request.session.get(sessions.SESSION) or request.session.session_key
    return _slots(f"session {session}", TRIES), _slots(str(request.user.pk), TRIES_OF_PERSON)


def take_try(request: StaffRequest) -> list[str]:
    """The places this try takes, before the look; none where all of the session or of the person are taken.

    `add` is atomic: two tries at once never share a place.
    """
    taken = []
    for slots in _both_slots(request):
        slot = next((slot for slot in slots if cache.add(slot, 1, WINDOW_SECONDS)), None)
        if slot is None:
            return []
        taken.append(slot)
    return taken


def _has_tries(request: StaffRequest) -> bool:
    return all(len(cache.get_many(slots)) < len(slots) for slots in _both_slots(request))


def forget_tries(request: StaffRequest) -> None:
    """A right answer frees all places, of the session and of its owner."""
    for slots in _both_slots(request):
        cache.delete_many(slots)


def _end_session(request: StaffRequest) -> None:
    _record(request, Action.SESSIONS_ENDED, "refused")
    sessions.note_left(request, request.now)
    logout(request)
    raise _too_many_tries()


def _too_many_tries() -> DomainError:
    return DomainError(
        "too_many_tries",
        _("There were too many wrong codes. You are signed out."),
        kept=_("Nothing was done."),
        next_step=_("Wait 15 minutes and sign in again. If it was not you, tell your administrator now."),
        status=429,
    )


def _refused(person: User) -> DomainError:
    if takes_password(person):
        sentence = _("This is not your password. Type it again.")
    else:
        sentence = _("This code is not right, or it was used already. Wait for the next one and type that.")
    return DomainError("factor_refused", sentence, status=401)


def _record(request: StaffRequest, action: Action, outcome: str = "done") -> None:
    person, match = request.user, request.resolver_match
    trail.record(
        action,
        by=person,
        at=request.now,
        object_type="user",
        object_id=person.pk,
        outcome=outcome,
        detail={"for": match.view_name if match else ""},
    )
