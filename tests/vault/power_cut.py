"""Ending a process in the middle of its work, as a power cut does."""

from __future__ import annotations


class PowerCut(BaseException):
    """The process is gone at this line."""


def cut(monkeypatch, place, name, *, before, nth):
    """Let the machine lose power at the nth call of a function: before it is done, or right after."""
    whole, calls = getattr(place, name), []

    def broken(*args, **named):
        calls.append(name)
        if len(calls) == nth and before:
            raise PowerCut
        result = whole(*args, **named)
        if len(calls) == nth:
            raise PowerCut
        return result

    monkeypatch.setattr(place, name, broken)
