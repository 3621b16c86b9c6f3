"""The request as views get it: with the member of staff who asks and the moment at which they ask."""

from datetime import datetime

from django.http import HttpRequest

from accounts.models import User


class StaffRequest(HttpRequest):
    """For annotations: the middleware has put `user` and `now` in place before a view runs."""

    user: User  # type: ignore[assignment]
    now: datetime
