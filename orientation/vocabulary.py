"""The closed lists of orientation: needs, forms, items, urgencies, states and endings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Need(models.TextChoices):
    """What a service is for; coded, so that nobody writes a story."""

    HEALTH = "health", _("health care")
    MENTAL_HEALTH = "mental_health", _("someone to talk to")
    LEGAL = "legal", _("legal advice")
    PAPERS = "papers", _("papers and registration")
    SHELTER = "shelter", _("a place to stay")
    FOOD = "food", _("food and basic things")
    FAMILY = "family", _("finding family")
    SAFETY = "safety", _("safety")
    CHILD = "child", _("help for a child")
    GBV = "gbv", _("violence at home or because of being a woman, man or other")
    EDUCATION = "education", _("school and courses")
    WORK = "work", _("work and rights at work")
    OTHER = "other", _("something else")


class Form(models.TextChoices):
    """How far a request goes; the first moves no data and is the default."""

    INFORMATION_ONLY = "information_only", _("information only")
    I_WILL_CONTACT = "i_will_contact", _("I will contact them")
    CONTACT_REQUEST = "contact_request", _("they may contact me")


class Item(models.TextChoices):
    """One thing a respondent may agree to share; the partner sees these and nothing else."""

    NEED = "need", _("what I need")
    LANGUAGE = "language", _("my language")
    COUNTRY = "country", _("the country I am in")
    PREFERRED_TIME = "preferred_time", _("when I prefer to be reached")
    NOTE = "note", _("a short note")
    CONTACT = "contact", _("one number to reach me on")


ITEMS_OF: dict[str, frozenset[str]] = {
    Form.INFORMATION_ONLY: frozenset(),
    Form.I_WILL_CONTACT: frozenset({Item.NEED.value}),
    Form.CONTACT_REQUEST: frozenset(Item.values),
}
"""The items each form can share at all."""


class PreferredTime(models.TextChoices):
    ANY = "any", _("any time")
    MORNING = "morning", _("in the morning")
    AFTERNOON = "afternoon", _("in the afternoon")
    EVENING = "evening", _("in the evening")


class Urgency(models.TextChoices):
    """The classes of the inter-agency referral form."""

    EMERGENCY = "emergency", _("emergency: within 24 hours")
    URGENT = "urgent", _("urgent: within 72 hours")
    NORMAL = "normal", _("normal: within two weeks")


class State(models.TextChoices):
    REQUESTED = "requested", _("waiting for the partner")
    ACKNOWLEDGED = "acknowledged", _("received by the partner")
    ACTED = "acted", _("the partner has acted")
    CLOSED = "closed", _("closed")
    DECLINED = "declined", _("declined by the partner")
    REVOKED = "revoked", _("taken back by the person")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("ended with the person’s part in the study")


OPEN_STATES = (State.REQUESTED, State.ACKNOWLEDGED, State.ACTED)
ENDED_STATES = (State.CLOSED, State.DECLINED, State.REVOKED, State.EXPIRED, State.WITHDRAWN)


class Outcome(models.TextChoices):
    """How a request was closed; codes only, never what was said."""

    HELPED = "helped", _("the person was helped")
    INFORMED = "informed", _("the person was given information")
    PASSED_ON = "passed_on", _("the person was told of another service")
    NOT_REACHED = "not_reached", _("the person could not be reached")
    NOT_WANTED = "not_wanted", _("the person no longer wished it")
    NOT_POSSIBLE = "not_possible", _("help was not possible")


class DeclineReason(models.TextChoices):
    NO_CAPACITY = "no_capacity", _("we have no capacity now")
    NOT_OUR_SERVICE = "not_our_service", _("we do not offer this")
    NOT_OUR_AREA = "not_our_area", _("we do not work there")
    NOT_OUR_LANGUAGE = "not_our_language", _("we have nobody who speaks the language")


class EndReason(models.TextChoices):
    """Why a person's part in the study ended, and their requests with it."""

    STOPPED = "stopped", _("asked not to be called")
    WITHDRAWN = "withdrawn", _("withdrew consent")
    ERASED = "erased", _("was erased")
    DECEASED = "deceased", _("has died")
    INELIGIBLE = "ineligible", _("is out of scope")
