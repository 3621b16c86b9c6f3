"""Every address of the project, and which kind of thing each of its arguments names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

WORDS = {"purpose": "recontact", "language": "fr", "version": 1, "place": "TN"}
"""Arguments that name no row: a word of a closed list, or a number."""

R, P, S, PERSON = ("respondent",), ("partner",), ("study",), ("person",)
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "home": (), "healthz": (), "readyz": (), "set_language": (), "background": (),
    "accounts:sign_in": (), "accounts:sign_out": (), "accounts:own_password": (), "accounts:tour": (),
    "accounts:finish_tour": (), "accounts:staff": (), "accounts:person_new": (), "accounts:person": PERSON,
    "accounts:person_close": PERSON, "accounts:person_open": PERSON, "accounts:person_password": PERSON,
    "accounts:shifts": PERSON, "accounts:shift_remove": ("person", "shift"), "accounts:teams": (),
    "accounts:team_new": (), "accounts:team": ("team",), "accounts:break_glass": (),
    "accounts:sessions": (), "accounts:other_sessions_end": (), "accounts:second_factor": (), "accounts:passkey": (),
    "accounts:factors": (), "accounts:factor_setup": (), "accounts:factor_app": (), "accounts:factor_passkey": (),
    "accounts:codes_new": (), "accounts:factor_remove": ("factor",), "accounts:person_factors_reset": PERSON,
    "accounts:person_sessions_end": PERSON, "reports:register": (), "reports:canaries": (), "reports:review": (),
    "reports:trail_export": (),
    "accounts:approve_break_glass": ("break_glass",), "accounts:refuse_break_glass": ("break_glass",),
    "accounts:end_break_glass": ("break_glass",), "reports:break_glass_review": ("break_glass",),
    "consent:wordings": (), "consent:wording": ("purpose", "language"), "consent:approve": ("wording",),
    "tracker:studies": (), "tracker:study_new": (), "tracker:study": S, "tracker:study_change": S,
    "tracker:study_close": S, "tracker:study_reopen": S, "tracker:rounds": S,
    "followups:plan": S, "followups:plan_edit": S, "followups:plan_status": S, "followups:plan_what_if": S,
    **dict.fromkeys(("followups:plan_version", "followups:plan_apply"), ("study", "version")),
    **dict.fromkeys(
        ("followups:calendar", "followups:calendar_rest_days", "followups:calendar_holiday",
         "followups:calendar_season"), ("place",)
    ),
    "followups:calendars": (), "followups:calendar_remove": ("calendar_entry",),
    "followups:today": (), "followups:next": (),
    "followups:move_work": (), "followups:calls_now": (), "followups:release": ("claim",), "followups:nothing": (),
    "followups:blank": (), "followups:card": ("claim",), "followups:dial": ("claim",),
    "followups:hand_back": ("claim",), "followups:unsafe": ("claim",), "followups:outcome": ("attempt",),
    "followups:recorded": ("attempt",), "followups:late": ("follow_up",),
    "orientation:inbox": (), "orientation:of_respondent": R, "orientation:request": R,
    **dict.fromkeys(
        ("orientation:letter", "orientation:acknowledge", "orientation:act", "orientation:close",
         "orientation:decline", "orientation:note", "orientation:contact", "orientation:revoke"), ("request",)
    ),
    "orientation:partners": (), "orientation:new_partner": (), "orientation:partner": P,
    "orientation:change_partner": P, "orientation:new_service": P, "orientation:assign": P,
    "orientation:change_service": ("service",), "orientation:verify": ("service",),
    "orientation:unassign": ("focal_point",),
    "casework:respondents": (), "casework:enrol": (), "casework:import": (), "casework:example_mapping": (),
    "casework:stop": (), "casework:contacted_by": (), "casework:contacted": R, "casework:look_for": R,
    "casework:respondent": R, "casework:move": R, "casework:add_number": R,
    "casework:safe_contact": ("respondent", "point"), "casework:set_aside": ("respondent", "point"),
    "casework:take_back": ("respondent", "point"), "casework:show_number": ("respondent", "point"),
    "casework:withdraw": R, "casework:slip": R,
    "casework:reference_slip": ("respondent", "request"), "casework:bar": R, "casework:pause": R,
    "casework:best_time": R,
    "casework:lift": ("respondent", "hold"),
    "reports:board": (), "reports:when_reached": (), "reports:owed": (), "reports:shortages": (),
    "reports:lost": (), "reports:held": (), "reports:sought": (), "reports:trail": (),
}  # fmt: skip
"""By the name of the address, in the order of its arguments. A new address is entered here, or a test fails."""


@dataclass(frozen=True, slots=True)
class Address:
    """A named pattern; `parameters` are the names of its arguments, in their order."""

    name: str
    parameters: tuple[str, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        return ARGUMENTS[self.name]

    @property
    def names_rows(self) -> bool:
        return any(kind not in WORDS for kind in self.kinds)


def addresses() -> list[Address]:
    """Every address the project answers, from the resolver itself."""
    return sorted(_walk(get_resolver().url_patterns, "", ()), key=lambda one: one.name)


def _walk(
    patterns: list[URLPattern | URLResolver], namespace: str, outer: tuple[str, ...]
) -> Iterator[Address]:
    for pattern in patterns:
        parameters = (*outer, *pattern.pattern.converters, *_groups(pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, parameters)
        else:
            yield Address(f"{namespace}{pattern.name}", parameters)


def _groups(pattern: URLPattern | URLResolver) -> tuple[str, ...]:
    """The arguments of an address written as a regular expression, as other people's packages may."""
    regex = getattr(pattern.pattern, "regex", None)
    return () if pattern.pattern.converters or regex is None else tuple(regex.groupindex)
