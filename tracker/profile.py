"""The coarse, coded facts a respondent may state about themselves; each may be "not said"."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgeBand(models.TextChoices):
    UNDER_18 = "under_18", _("under 18")
    FROM_18 = "18_24", _("18 to 24")
    FROM_25 = "25_34", _("25 to 34")
    FROM_35 = "35_49", _("35 to 49")
    FROM_50 = "50_plus", _("50 or over")
    NOT_SAID = "not_said", _("not said")


class Sex(models.TextChoices):
    WOMAN = "woman", _("woman")
    MAN = "man", _("man")
    OTHER = "other", _("other")
    NOT_SAID = "not_said", _("not said")


class NationalityGroup(models.TextChoices):
    """Regions, not countries: fine enough to compare, too coarse to find someone."""

    WEST_AFRICA = "west_africa", _("West Africa")
    CENTRAL_AFRICA = "central_africa", _("Central Africa")
    EAST_AFRICA = "east_africa", _("East Africa and the Horn")
    NORTH_AFRICA = "north_africa", _("North Africa")
    SOUTHERN_AFRICA = "southern_africa", _("Southern Africa")
    MIDDLE_EAST = "middle_east", _("Middle East")
    SOUTH_ASIA = "south_asia", _("South and Central Asia")
    SOUTH_EAST_ASIA = "south_east_asia", _("South-East Asia")
    LATIN_AMERICA = "latin_america", _("Latin America and the Caribbean")
    EUROPE = "europe", _("Europe")
    OTHER = "other", _("other")
    NOT_SAID = "not_said", _("not said")


class Route(models.TextChoices):
    CENTRAL_MEDITERRANEAN = "central_mediterranean", _("Central Mediterranean")
    WESTERN_MEDITERRANEAN = "western_mediterranean", _("Western Mediterranean and Atlantic")
    EASTERN_MEDITERRANEAN = "eastern_mediterranean", _("Eastern Mediterranean and Balkans")
    EASTERN = "eastern", _("Eastern route to the Gulf")
    SOUTHERN = "southern", _("Southern route")
    SOUTH_ASIA = "south_asia", _("South and Central Asia")
    SOUTH_EAST_ASIA = "south_east_asia", _("South-East Asia")
    AMERICAS = "americas", _("the Americas")
    OTHER = "other", _("other")
    NOT_SAID = "not_said", _("not said")
