"""What is typed to see a number without a call."""

from accounts.keeping import KeepingForm
from accounts.reasons import ReasonField


class RevealForm(KeepingForm):
    """Why this number has to be seen."""

    reason = ReasonField()

    def field_of(self, code: str) -> str | None:
        return "reason" if code.startswith("reason_") else None
