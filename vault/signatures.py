"""The one fault of signatures that others must be able to name: made by another key, or over something else."""

from cryptography.exceptions import InvalidSignature

__all__ = ["InvalidSignature"]
