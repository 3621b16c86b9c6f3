"""The processes of this machine: whose child is whose, and signals to them."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    id: int
    parent: int
    began: int
    command: str


def processes() -> list[Process]:
    """Every process of this machine that has not ended, oldest first."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        # A process may end while it is looked at.
        with contextlib.suppress(OSError):
            state, parent, *rest = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            if state != "Z":
                command = (folder / "cmdline").read_text().replace("\0", " ")
                found.append(Process(int(folder.name), int(parent), int(rest[17]), command))
    return sorted(found, key=lambda process: (process.began, process.id))


def children_of(process_id: int) -> list[Process]:
    """The children, oldest first."""
    return [process for process in processes() if process.parent == process_id]


def family_of(process_id: int) -> set[int]:
    """Children, their children, and so on."""
    children = {child.id for child in children_of(process_id)}
    return children.union(*(family_of(child) for child in children))


def kill(number: signal.Signals, *process_ids: int) -> None:
    """Send the signal to each that is still there."""
    # Zero and below would mean whole groups, our own among them.
    assert all(process_id > 1 for process_id in process_ids), process_ids
    for process_id in process_ids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id, number)


def is_alive(process_id: int) -> bool:
    return any(process.id == process_id for process in processes())
