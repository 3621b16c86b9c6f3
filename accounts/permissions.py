"""What staff may do, by role; a right that is not listed here does not exist."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The five kinds of staff."""

    ADMINISTRATOR = "administrator", _("administrator")
    ENUMERATOR = "enumerator", _("enumerator")
    COORDINATOR = "coordinator", _("coordinator")
    FOCAL_POINT = "focal_point", _("focal point")
    DPO = "dpo", _("data protection officer")


class Permission(StrEnum):
    """One thing a person may do."""

    ADMINISTER_STAFF = "administer_staff"
    EDIT_SHIFTS = "edit_shifts"
    EDIT_STUDIES = "edit_studies"
    DRAFT_WORDINGS = "draft_wordings"
    APPROVE_WORDINGS = "approve_wordings"
    EDIT_PLANS = "edit_plans"
    EDIT_PARTNERS = "edit_partners"
    ENROL = "enrol"
    IMPORT_CASES = "import_cases"
    CALL = "call"
    VIEW_RESPONDENTS = "view_respondents"
    CHANGE_RESPONDENTS = "change_respondents"
    MOVE_WORK = "move_work"
    WITHDRAW = "withdraw"
    ERASE = "erase"
    RECORD_STOP = "record_stop"
    LIFT_HOLDS = "lift_holds"
    VIEW_REPORTS = "view_reports"
    HANDLE_ORIENTATION = "handle_orientation"
    REVOKE_ORIENTATION = "revoke_orientation"
    READ_TRAIL = "read_trail"
    REVIEW_TRAIL = "review_trail"
    EXPORT_TRAIL = "export_trail"
    SEE_REGISTER = "see_register"
    REVEAL_NUMBERS = "reveal_numbers"
    ASK_BREAK_GLASS = "ask_break_glass"
    APPROVE_BREAK_GLASS = "approve_break_glass"
    REVIEW_BREAK_GLASS = "review_break_glass"
    SEE_BACKGROUND = "see_background"


_FIELDWORK = frozenset(
    {
        Permission.ENROL,
        Permission.VIEW_RESPONDENTS,
        Permission.CHANGE_RESPONDENTS,
        Permission.WITHDRAW,
        Permission.RECORD_STOP,
        Permission.REVOKE_ORIENTATION,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    # An administrator makes accounts and never meets a respondent.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.ADMINISTER_STAFF,
            Permission.EDIT_SHIFTS,
            Permission.EDIT_STUDIES,
            Permission.EDIT_PARTNERS,
            Permission.SEE_BACKGROUND,
        }
    ),
    Role.ENUMERATOR: _FIELDWORK | {Permission.CALL},
    Role.COORDINATOR: _FIELDWORK
    | {
        Permission.EDIT_SHIFTS,
        Permission.EDIT_STUDIES,
        Permission.DRAFT_WORDINGS,
        Permission.APPROVE_WORDINGS,
        Permission.EDIT_PLANS,
        Permission.EDIT_PARTNERS,
        Permission.IMPORT_CASES,
        Permission.MOVE_WORK,
        Permission.LIFT_HOLDS,
        Permission.VIEW_REPORTS,
        Permission.ERASE,
        Permission.REVEAL_NUMBERS,
        Permission.ASK_BREAK_GLASS,
        Permission.APPROVE_BREAK_GLASS,
    },
    Role.FOCAL_POINT: frozenset({Permission.HANDLE_ORIENTATION, Permission.RECORD_STOP}),
    Role.DPO: frozenset(
        {
            Permission.READ_TRAIL,
            Permission.REVIEW_TRAIL,
            Permission.EXPORT_TRAIL,
            Permission.SEE_REGISTER,
            Permission.APPROVE_BREAK_GLASS,
            Permission.REVIEW_BREAK_GLASS,
            Permission.APPROVE_WORDINGS,
            Permission.VIEW_RESPONDENTS,
            Permission.VIEW_REPORTS,
            Permission.WITHDRAW,
            Permission.ERASE,
            Permission.RECORD_STOP,
            Permission.REVOKE_ORIENTATION,
        }
    ),
}

SEES_ALL_TEAMS = frozenset({Role.DPO})
"""Roles whose view is not limited to their own teams."""

BOUND_TO_NO_TEAM = SEES_ALL_TEAMS | {Role.ADMINISTRATOR}
"""Roles whose work takes no team of their own: a limit by country then stands for all teams of those countries."""
