"""Studies, respondents, how to reach them, and their journeys."""

from tracker.models.contact_points import ContactPoint
from tracker.models.journeys import Transition
from tracker.models.respondents import Enrolment, Respondent, SourceCase
from tracker.models.studies import Round, Study

__all__ = ["ContactPoint", "Enrolment", "Respondent", "Round", "SourceCase", "Study", "Transition"]
