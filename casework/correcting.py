"""Correcting what is kept of a number: when it is safe, and that it is not to be dialled any more."""

from collections.abc import Collection
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from followups import holding
from followups.models.restraints import HoldKind
from kernel.errors import DomainError
from tracker import reaching
from tracker.keeping import SafeContact
from tracker.models import ContactPoint, Respondent
from tracker.models.respondents import Status
from tracker.number_status import NumberStatus


class Learned(models.TextChoices):
    """Why a number is not dialled any more. Retiring is for this person; the others hold for all who share it."""

    RETIRED = "retired", gettext_lazy("they do not use it any more")
    WRONG = "wrong", gettext_lazy("it is a wrong number: it belongs to somebody else")
    UNSAFE = "unsafe", gettext_lazy("calling it is not safe")
    BARRED = "barred", gettext_lazy("whoever answers it says: never call this number")


class WhyNot(models.TextChoices):
    """Why a mark on a number is taken back."""

    SLIP = "slip", gettext_lazy("it was marked by mistake")
    IN_USE = "in_use", gettext_lazy("the person says that it is theirs and in use")


MARKS = {Learned.WRONG: NumberStatus.WRONG_PERSON, Learned.UNSAFE: NumberStatus.UNSAFE}


@transaction.atomic
def change_safe_contact(
    *, contact_point: ContactPoint, safe: SafeContact, by: User, now: datetime, without: Collection[str] = ()
) -> None:
    """Replace the rules of one number, and have the queue ask them again before anybody calls.

    A phrase or words left "" stay as they are sealed, but for those in `without`. Raises `not_taking_part`, and Locked
    where a text is to be sealed while the vault is locked.
    """
    if contact_point.respondent.status != Status.ACTIVE:
        raise DomainError(
            "not_taking_part",
            _("This person is not being called any more, so there is nothing to change."),
            kept=_("Nothing was changed."),
        )
    reaching.change_safe_contact(contact_point=contact_point, safe=safe, without=without, by=by, now=now)
    holding.look_again(contact_point.respondent, now)


@transaction.atomic
def set_aside(*, contact_point: ContactPoint, learned: Learned, by: User, now: datetime) -> None:
    """Have a number not dialled any more, from this moment on. Works with the vault locked.

    Raises `already_retired`.
    """
    if learned is Learned.RETIRED:
        reaching.retire(contact_point=contact_point, by=by, now=now)
    elif learned is Learned.BARRED:
        reaching.bar_number(contact_point=contact_point, by=by, now=now)
    else:
        reaching.mark_status(contact_point=contact_point, status=MARKS[learned], by=by, now=now)
    holding.look_again(contact_point.respondent, now)


@transaction.atomic
def take_back(*, contact_point: ContactPoint, why: WhyNot, by: User, now: datetime) -> None:
    """Have a number that was marked by a slip count as not tried; nobody calls before a second person has looked.

    Everybody who was marked with the number is held, since it could ring for them too. Raises `mark_stays`.
    """
    people = reaching.take_back_mark(contact_point=contact_point, why=why.value, by=by, now=now)
    for person in Respondent.objects.filter(pk__in=people):
        holding.place(respondent=person, kind=HoldKind.REVIEW, until=None, review_at=now, by=by, now=now)
