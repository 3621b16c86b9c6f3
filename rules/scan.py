"""Reads the source for the rules beside it, after showing that every rule finds what was planted for it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PLANTED = HERE / "planted"
FIRST_PARTY = (
    "accounts", "audit", "casework", "config", "consent", "followups", "kernel", "orientation", "reports", "tracker",
    "vault", "templates", "manage.py",
)  # fmt: skip
MARK = re.compile(r"ruleid: ([a-z-]+)")

Found = set[tuple[str, int, str]]


def scan(*targets: str) -> Found:
    """Where a rule was broken: file, line, rule. Stays on this machine: no metrics, no look for a newer version."""
    command = [
        str(Path(sys.executable).with_name("semgrep")), "scan", "--metrics", "off", "--disable-version-check",
        "--no-git-ignore", "--jobs", "2", "--quiet", "--strict", "--json", "--config", str(HERE / "semgrep"), *targets,
    ]  # fmt: skip
    quietly = {**os.environ, "SEMGREP_ENABLE_VERSION_CHECK": "0", "SEMGREP_SEND_METRICS": "off"}
    ran = subprocess.run(command, check=False, cwd=ROOT, env=quietly, capture_output=True, text=True)
    if ran.returncode:
        sys.exit(f"semgrep could not run:\n{ran.stderr}{ran.stdout}")
    answer = json.loads(ran.stdout)
    if answer["errors"]:
        sys.exit(f"semgrep could not read everything:\n{json.dumps(answer['errors'], indent=1)}")
    return {
        (one["path"], one["start"]["line"], one["check_id"].rsplit(".", 1)[-1]) for one in answer["results"]
    }


def planted() -> Found:
    """What must be found: the line after each mark."""
    return {
        (path.relative_to(ROOT).as_posix(), number + 1, rule)
        for path in PLANTED.rglob("*.*")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        for rule in MARK.findall(line)
    }


def rules() -> set[str]:
    texts = (path.read_text() for path in (HERE / "semgrep").glob("*.yaml"))
    return {name for text in texts for name in re.findall(r"^  - id: (\S+)", text, re.MULTILINE)}


def told(title: str, lines: Found | set[str]) -> bool:
    """Whether there was anything to tell."""
    for line in sorted(map(str, lines)):
        sys.stderr.write(f"{title}: {line}\n")
    return bool(lines)


def main() -> int:
    """0 where every planted violation is found, nothing else there, and nothing in the source."""
    wanted, found = planted(), scan(str(PLANTED.relative_to(ROOT)))
    wrong = [
        told("a rule without a planted violation", rules() - {rule for _path, _line, rule in wanted}),
        told("planted and not found", wanted - found),
        told("found and not planted", found - wanted),
        told("broken", scan(*FIRST_PARTY)),
    ]
    sys.stdout.write(f"{len(rules())} rules, {len(wanted)} planted violations\n")
    return int(any(wrong))


if __name__ == "__main__":
    sys.exit(main())
