"""On which clocks a person may be, from what they said, their country, and where their numbers come from."""

from dataclasses import dataclass

from kernel.countries import country, zones_of
from kernel.zones import zone


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where somebody is, as far as it is known: `country` and `zone` as they stated them, each may be ""."""

    country: str = ""
    zone: str = ""
    number_zones: tuple[str, ...] = ()

    def checked(self) -> "Whereabouts":
        """The same with the country in capitals; raises `unknown_country` or `unknown_zone`."""
        if self.zone:
            zone(self.zone)
        return Whereabouts(country(self.country) if self.country else "", self.zone, self.number_zones)


def clocks(where: Whereabouts) -> tuple[tuple[str, ...], str]:
    """The zones a call must be decent in, and how sure they are: `stated`, `country` or `number`.

    A stated zone comes first, then the country they are in, and their numbers last: a foreign SIM says nothing of
    where somebody is. Empty when nothing is known; then nobody can tell the hour, and nobody calls.
    """
    if where.zone:
        return (where.zone,), "stated"
    if where.country and (zones := zones_of(where.country)):
        return zones, "country"
    return tuple(sorted(set(where.number_zones))), "number"
