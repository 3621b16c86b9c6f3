"""Plans, follow-ups, claims, attempts, appointments and holds."""

from followups.models.attempts import Attempt, Dial
from followups.models.calendars import CalendarEntry
from followups.models.claims import Claim
from followups.models.contact_models import ContactModel, Outlook, SlotChoice
from followups.models.follow_ups import FollowUp, WaitingCount
from followups.models.plans import Plan, Rule
from followups.models.replannings import Replanning
from followups.models.restraints import Appointment, BarredEnumerator, Hold

__all__ = [
    "Appointment",
    "Attempt",
    "BarredEnumerator",
    "CalendarEntry",
    "Claim",
    "ContactModel",
    "Dial",
    "FollowUp",
    "Hold",
    "Outlook",
    "Plan",
    "Replanning",
    "Rule",
    "SlotChoice",
    "WaitingCount",
]
