"""The rules of the house as functions over source text, so that a planted violation can be shown to be caught."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINE = (
    "config", "reports", "casework", "followups", "orientation", "tracker", "consent", "accounts", "vault", "audit",
    "kernel",
)  # fmt: skip
"""The import line: an app may import any app to its right, never one to its left."""

PURE = (
    "followups/scheduling/*.py",
    "followups/contact_model/*.py",
    "followups/simulation/*.py",
    "followups/calling/heard.py",
    "followups/gateways/simulated/*.py",
    "followups/dispositions.py",
    "tracker/exchange/*.py",
    "tracker/spoken_codes.py",
    "tracker/numbers.py",
    "tracker/stages.py",
    "tracker/number_status.py",
    "consent/folding.py",
    "vault/primitives.py",
    "vault/padding.py",
    "vault/tokens.py",
    "vault/wrapping.py",
    "vault/contents.py",
    "vault/keyring.py",
    "vault/passphrases.py",
    "vault/offline.py",
    "vault/permits.py",
    "reports/charts.py",
    "reports/months.py",
    "reports/rates.py",
    "reports/retention.py",
    "kernel/courses.py",
    "kernel/zones.py",
    "kernel/languages.py",
    "kernel/countries.py",
)
TRANSLATES = "django.utils.translation"
"""The one thing of Django that pure files may use: sentences that are translated when they are shown."""

WRITES = frozenset(
    {
        "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
        "seal_into", "seal_many",
    }
)  # fmt: skip
PERMIT_MAKERS = ("consent", "accounts")
CLOCK_READERS = frozenset({"now", "utcnow", "today"})
SCOPES = frozenset({"seen_by", "visible_to"})
UNSCOPED = frozenset({"Team"})
"""Models whose rows tell nothing of anybody; their pages are for administrators."""
FORBIDDEN_FILES = frozenset({"services.py", "utils.py", "helpers.py", "signals.py"})


@dataclass(frozen=True, slots=True)
class Source:
    """One file: where it is (relative, with slashes) and its tree."""

    path: str
    tree: ast.Module

    @property
    def app(self) -> str:
        return self.path.split("/")[0]

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


def source(path: str, text: str) -> Source:
    return Source(path, ast.parse(text))


def first_party() -> Iterator[Source]:
    """Every Python file of the eleven rooms, migrations left out."""
    for app in LINE:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield source(path.relative_to(ROOT).as_posix(), path.read_text())


def imports(file: Source) -> Iterator[tuple[int, str]]:
    """Every module imported, wherever in the file, with its line; `from a import b` gives `a.b`."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def against_the_line(file: Source) -> Iterator[str]:
    """Imports of an app that stands to the left."""
    place = LINE.index(file.app)
    for line, module in imports(file):
        app = module.split(".")[0]
        if app in LINE and LINE.index(app) < place:
            yield f"{file.path}:{line} imports {module}, which stands to its left"


def impure(file: Source) -> Iterator[str]:
    """What a pure file must not touch: Django beyond translation, a database, the clock, chance without a seed."""
    for line, module in imports(file):
        is_django = module.startswith("django") and not module.startswith(TRANSLATES)
        if is_django or module.split(".")[0] in {"requests", "socket", "sqlite3"}:
            yield f"{file.path}:{line} is pure and imports {module}"
        if module.startswith("kernel.clock") or module.endswith(".models") or ".models." in module:
            yield f"{file.path}:{line} is pure and imports {module}"
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and _is_clock(node.func):
            yield f"{file.path}:{node.lineno} is pure and reads the clock"


def _is_clock(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in CLOCK_READERS
        and isinstance(function.value, ast.Name)
        and function.value.id in {"datetime", "date", "timezone", "clock", "time"}
    )


def writes_in_views(file: Source) -> Iterator[str]:
    """Writes and `try` in a file of views."""
    if not is_views(file):
        return
    # `plans.save(…)` is a use case of the module `plans`; `plan.save()` and `Plan.objects.create()` are writes.
    modules = _modules_imported(file)
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Try):
            yield f"{file.path}:{node.lineno} has a try in a view"
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in WRITES and getattr(node.func.value, "id", "") not in modules:
            yield f"{file.path}:{node.lineno} writes in a view: .{node.func.attr}(…)"


def _modules_imported(file: Source) -> set[str]:
    """The names under which a file knows modules of this house: `plans`, or `setting_up` where it was renamed."""
    names: set[str] = set()
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LINE:
            names |= {alias.asname or alias.name for alias in node.names if alias.name.islower()}
    return names


def is_views(file: Source) -> bool:
    return file.name == "views.py" or file.name.endswith("_views.py")


def long_views(file: Source, most: int = 25) -> Iterator[str]:
    """Views longer than a glance."""
    if not is_views(file):
        return
    for node in file.tree.body:
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno >= most:
            yield f"{file.path}:{node.lineno} {node.name} is {node.end_lineno - node.lineno + 1} lines long"


def unscoped_reads(file: Source) -> Iterator[str]:
    """`.objects.all()` and `.objects.get()` in views that no scope follows: rows nobody asked permission for."""
    if not is_views(file):
        return
    scoped = {
        id(node.value)
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Attribute) and node.attr in SCOPES
    }
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or id(node) in scoped:
            continue
        owner = node.func.value
        if (
            node.func.attr not in {"all", "get"}
            or not isinstance(owner, ast.Attribute)
            or owner.attr != "objects"
        ):
            continue
        if getattr(owner.value, "id", "") not in UNSCOPED:
            yield f"{file.path}:{node.lineno} reads rows without a scope"


def permits_made(file: Source) -> Iterator[str]:
    """Permits constructed anywhere but in consent (respondents' data) and accounts (staff secrets)."""
    if file.app in PERMIT_MAKERS:
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and "Permit" in (
            getattr(node.func, "id", ""),
            getattr(node.func, "attr", ""),
        ):
            yield f"{file.path}:{node.lineno} makes a permit"


def cryptography_outside_the_vault(file: Source) -> Iterator[str]:
    if file.app == "vault":
        return
    for line, module in imports(file):
        if module.split(".")[0] in {"cryptography", "nacl", "Crypto"}:
            yield f"{file.path}:{line} imports {module}; only the vault may"


def forbidden_shapes(file: Source) -> Iterator[str]:
    """Signals, and modules named after nothing."""
    if file.name in FORBIDDEN_FILES:
        yield f"{file.path} is named after nothing"
    for line, module in imports(file):
        if module.startswith(("django.dispatch", "django.db.models.signals", "django.core.signals")):
            yield f"{file.path}:{line} uses signals"


def wall_clock_outside_its_room(file: Source) -> Iterator[str]:
    """`timezone.now()` anywhere but in kernel/clock.py: everything else is told the time."""
    if file.path == "kernel/clock.py":
        return
    for line, module in imports(file):
        if module in {"django.utils.timezone.now"}:
            yield f"{file.path}:{line} imports the wall clock"
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and _is_clock(node.func):
            owner = node.func.value.id  # type: ignore[attr-defined]
            if owner != "clock":
                yield f"{file.path}:{node.lineno} reads the wall clock"
