"""Plans, follow-ups, claims, attempts, appointments and holds."""

from followups.models.attempts import Attempt, Dial
from followups.models.claims import Claim
from followups.models.follow_ups import FollowUp, WaitingCount
from followups.models.plans import Plan, Rule
from followups.models.restraints import Appointment, BarredEnumerator, Hold

__all__ = [
    "Appointment",
    "Attempt",
    "BarredEnumerator",
    "Claim",
    "Dial",
    "FollowUp",
    "Hold",
    "Plan",
    "Rule",
    "WaitingCount",
]
