"""What the synthetic study is made of: teams, staff, places people are in, partners. Nobody here exists."""

from dataclasses import dataclass

from accounts.models import Gender
from accounts.permissions import Role
from orientation.vocabulary import Need
from tracker.profile import NationalityGroup, Route

PASSWORD = "demo"  # noqa: S105  # nosec B105  (for the demo on loopback only: see config/checks.py)
DAYS = 120
"""How far back the study goes, unless told otherwise."""

STUDY_CODE, STUDY_TITLE = "JOURNEYS", "Journeys: a synthetic panel"
SURVEY_LINK = "https://forms.example.org/journeys?code={pseudonym}"
SCRIPT = "Good day. Am I speaking with the person who asked me to call? Can you talk freely for some minutes?"


@dataclass(frozen=True, slots=True)
class TeamSketch:
    """A team and the clock of its office."""

    code: str
    title: str
    country: str
    zone: str


@dataclass(frozen=True, slots=True)
class StaffSketch:
    """A member of staff; enumerators go by the names of birds."""

    username: str
    shown_as: str
    role: Role
    teams: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    gender: Gender = Gender.NOT_SAID
    zone: str = "Africa/Tunis"


@dataclass(frozen=True, slots=True)
class Panel:
    """Who calls the people of a route, in which languages, and where most of them come from."""

    team: str
    languages: tuple[str, ...]
    group: NationalityGroup


@dataclass(frozen=True, slots=True)
class ServiceSketch:
    """A service of a partner; `verified_days_ago` None has never been verified."""

    title: str
    need: Need
    country: str
    languages: tuple[str, ...]
    area: str
    hours: str
    contact: str
    verified_days_ago: int | None = 12
    is_hotline: bool = False


@dataclass(frozen=True, slots=True)
class PartnerSketch:
    code: str
    title: str
    focal_points: tuple[str, ...]
    services: tuple[ServiceSketch, ...]


TEAMS = (
    TeamSketch("TUN", "Tunis", "TN", "Africa/Tunis"),
    TeamSketch("KUL", "Kuala Lumpur", "MY", "Asia/Kuala_Lumpur"),
    TeamSketch("TAP", "Tapachula", "MX", "America/Mexico_City"),
)
ALL_TEAMS = tuple(team.code for team in TEAMS)
WOMAN, MAN = Gender.WOMAN, Gender.MAN

MANY = 300
"""From so many respondents on, the second half of the enumerators is employed too."""

ROLES_SHOWN = (
    ("administrator", "administrator"),
    ("enumerator", "enumerator"),
    ("coordinator", "coordinator"),
    ("focal point", "focal"),
    ("DPO", "dpo"),
)
"""Role and username, as `--announce` prints them."""

FIRST_ADMINISTRATOR = "administrator"
STAFF = (
    StaffSketch("coordinator", "Coordinator", Role.COORDINATOR, ALL_TEAMS, ("en", "fr"), WOMAN),
    StaffSketch("second", "Second coordinator", Role.COORDINATOR, ALL_TEAMS, ("en", "ar", "es"), MAN),
    StaffSketch("dpo", "Data protection officer", Role.DPO, ALL_TEAMS),
    StaffSketch("focal", "Focal point, Harbour", Role.FOCAL_POINT),
    StaffSketch("focal-lantern", "Focal point, Lantern", Role.FOCAL_POINT),
    # In all teams and four languages, so that there is somebody to call at any hour.
    StaffSketch("enumerator", "Enumerator", Role.ENUMERATOR, ALL_TEAMS, ("en", "fr", "ar", "es"), WOMAN),
    StaffSketch("heron", "Heron", Role.ENUMERATOR, ("TUN",), ("ar", "fr"), WOMAN),
    StaffSketch("swift", "Swift", Role.ENUMERATOR, ("TUN",), ("fr", "ha", "en"), MAN),
    StaffSketch("stork", "Stork", Role.ENUMERATOR, ("TUN",), ("ti", "ar"), WOMAN),
    StaffSketch("ibis", "Ibis", Role.ENUMERATOR, ("TUN",), ("so", "ar", "en"), MAN),
    StaffSketch("tern", "Tern", Role.ENUMERATOR, ("KUL",), ("en", "rhg", "bn"), WOMAN, "Asia/Kuala_Lumpur"),
    StaffSketch("plover", "Plover", Role.ENUMERATOR, ("KUL",), ("rhg", "en"), MAN, "Asia/Kuala_Lumpur"),
    StaffSketch("robin", "Robin", Role.ENUMERATOR, ("TAP",), ("es", "ht"), WOMAN, "America/Mexico_City"),
    StaffSketch("wren", "Wren", Role.ENUMERATOR, ("TAP",), ("es", "fr"), MAN, "America/Mexico_City"),
)

MORE_STAFF = (
    StaffSketch("egret", "Egret", Role.ENUMERATOR, ("TUN",), ("ar", "fr"), MAN),
    StaffSketch("lark", "Lark", Role.ENUMERATOR, ("TUN",), ("fr", "en"), WOMAN),
    StaffSketch("dove", "Dove", Role.ENUMERATOR, ("TUN",), ("ar", "so"), WOMAN),
    StaffSketch("kite", "Kite", Role.ENUMERATOR, ("TUN",), ("ti", "ha", "fr"), WOMAN),
    StaffSketch("rail", "Rail", Role.ENUMERATOR, ("TUN",), ("ar", "en"), MAN),
    StaffSketch("crake", "Crake", Role.ENUMERATOR, ("KUL",), ("rhg", "bn"), WOMAN, "Asia/Kuala_Lumpur"),
    StaffSketch("snipe", "Snipe", Role.ENUMERATOR, ("KUL",), ("en", "bn"), MAN, "Asia/Kuala_Lumpur"),
    StaffSketch("finch", "Finch", Role.ENUMERATOR, ("TAP",), ("es", "ht"), MAN, "America/Mexico_City"),
    StaffSketch("siskin", "Siskin", Role.ENUMERATOR, ("TAP",), ("es", "fr"), WOMAN, "America/Mexico_City"),
)

PANELS = {
    Route.CENTRAL_MEDITERRANEAN: Panel("TUN", ("fr", "ar", "en", "ti", "ha"), NationalityGroup.WEST_AFRICA),
    Route.WESTERN_MEDITERRANEAN: Panel("TUN", ("fr", "ar"), NationalityGroup.NORTH_AFRICA),
    Route.EASTERN_MEDITERRANEAN: Panel("TUN", ("ar", "so", "en"), NationalityGroup.MIDDLE_EAST),
    Route.SOUTH_EAST_ASIA: Panel("KUL", ("en", "rhg", "bn"), NationalityGroup.SOUTH_EAST_ASIA),
    Route.AMERICAS: Panel("TAP", ("es", "ht", "fr"), NationalityGroup.LATIN_AMERICA),
}

PARTNERS = (
    PartnerSketch(
        "HARBOUR",
        "Harbour Legal Aid (invented)",
        ("focal",),
        (
            ServiceSketch(
                "Legal advice by phone", Need.LEGAL, "TN", ("ar", "fr", "en"), "Tunis and by phone",
                "Monday to Friday, 9 to 16", "Reception desk, ground floor, Example House",
            ),
            ServiceSketch(
                "Help with papers", Need.PAPERS, "MX", ("es", "en"), "Tapachula",
                "Monday to Thursday, 8 to 14", "Room 4, Example Plaza",
            ),
            ServiceSketch(
                "Advice line", Need.LEGAL, "MY", ("en",), "By phone", "Every day, 9 to 21",
                "Ask the operator for the Harbour line", verified_days_ago=45, is_hotline=True,
            ),
        ),
    ),
    PartnerSketch(
        "LANTERN",
        "Lantern Health (invented)",
        ("focal-lantern",),
        (
            ServiceSketch(
                "Walk-in clinic", Need.HEALTH, "TN", ("ar", "fr"), "Tunis", "Every day, 8 to 18",
                "Blue door beside the market, Example Street",
            ),
            ServiceSketch(
                "Someone to talk to", Need.MENTAL_HEALTH, "MY", ("en",), "Kuala Lumpur", "Weekdays, 10 to 17",
                "Second floor, Example Building", verified_days_ago=None,
            ),
        ),
    ),
)  # fmt: skip
