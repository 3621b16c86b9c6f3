"""Staff: who they are, what they may see, when they work, and what they were let see for once."""

from accounts.models.break_glass import BreakGlass
from accounts.models.sessions import Ended, StaffSession
from accounts.models.shifts import Shift, Weekday
from accounts.models.staff import Gender, StaffCountry, StaffLanguage, Team, User, UserManager, Users

__all__ = [
    "BreakGlass",
    "Ended",
    "Gender",
    "Shift",
    "StaffCountry",
    "StaffLanguage",
    "StaffSession",
    "Team",
    "User",
    "UserManager",
    "Users",
    "Weekday",
]
