"""Default deny: what a person may see of a model is asked of the model, and silence means nothing."""

from typing import Any, Self

from django.db import models
from django.shortcuts import get_object_or_404

from accounts.models import User


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows of a model whose `scope_for` says who may see them.

    Pages reach them through `visible_to` and nothing else (a test holds this).
    """

    def visible_to(self, user: User) -> Self:
        """The rows this person may know of; none where the model says nothing about them."""
        scope = self.model.scope_for(user) if user.is_active else None  # type: ignore[attr-defined]
        return self.none() if scope is None else self.filter(scope)

    def seen_by(self, user: User, **lookup: Any) -> Any:
        """The one row this person may know of, else 404: never a hint that it exists."""
        return get_object_or_404(self.visible_to(user), **lookup)


def by_team(user: User, path: str = "team") -> models.Q:
    """The scope of someone limited to their own teams; `path` leads from the model to the team."""
    if user.sees_all_teams:
        return models.Q()
    return models.Q(**{f"{path}__in": user.team_ids})
