"""Who may give which role to others, as data, and which roles are told to the data protection officer when given.

An administrator gives roles whose rights they do not hold themselves: that is what an administrator is for. What keeps
this from being a way to any right is not that the grant is impossible but that it cannot stay unseen:

- nobody changes their own role, teams, languages or countries, whatever they may grant;
- making, changing, opening or closing an account and renewing a password take a second factor a moment before;
- whoever is limited to countries gives nobody a wider view;
- an account of a far-reaching role, made or raised, is a line in the officer's digest and in what waits for them.

A second person's yes before such an account works was considered and left out. The small organisations this is for
have one administrator and one officer, who may be away for weeks: a yes that nobody is there to give would end with
shared passwords. And it would not hold: whoever may renew the officer's password and reset their factors could give
that yes themselves. The officer notices that, because their own sign-in ends; a quiet second identity they would not
notice, and so it is told.
"""

from collections.abc import Mapping

from accounts.permissions import Role

MAY_GRANT: Mapping[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.COORDINATOR: frozenset(),
    Role.ENUMERATOR: frozenset(),
    Role.FOCAL_POINT: frozenset(),
    Role.DPO: frozenset(),
}
"""Every role is named here: one that is added later grants nothing until somebody has written what it may grant."""

FAR_REACHING = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR, Role.DPO})
"""Roles that let somebody see or open more than their own next call; giving one is told to the officer."""


def may_grant(by: Role, role: Role) -> bool:
    """Whether somebody of one role may make, change or close an account of another."""
    return role in MAY_GRANT.get(by, frozenset())
