"""What a person may keep, their code or a reference: never who we are, what it is for or where."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from casework import looking
from consent.permits import agreed_items_of
from kernel.errors import DomainError, NotFound
from kernel.languages import language
from orientation.models import OrientationRequest
from orientation.vocabulary import Form
from tracker.models import Respondent
from tracker.models.respondents import Status

IN_TOUCH = (Status.ACTIVE, Status.BASELINE_ONLY)


class Amount(models.TextChoices):
    """How much stands on a slip."""

    FULL = "full", gettext_lazy("the code, and how to stop")
    CODE = "code", gettext_lazy("the code alone")
    NOTHING = "nothing", gettext_lazy("nothing: nothing is printed")


class ReferenceAmount(models.TextChoices):
    """How much stands on the slip of somebody who will contact a partner themselves."""

    CONTACT = "contact", gettext_lazy("the reference, and how to reach them")
    FULL = "full", gettext_lazy("also the names of the partner and the service")
    CODE = "code", gettext_lazy("the reference alone")
    NOTHING = "nothing", gettext_lazy("nothing: nothing is printed")


class Copies(models.IntegerChoices):
    """How many stand on a page."""

    ONE = 1, gettext_lazy("one slip")
    FOUR = 4, gettext_lazy("four slips, to cut apart")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the person wishes to keep, in a language there are words in."""

    amount: str
    language: str
    copies: int = Copies.ONE


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed or copied by hand. `says_how` adds the one sentence; `lines` are as the partner wrote them."""

    code: str
    chosen: Chosen
    says_how: bool
    lines: tuple[str, ...] = field(default=())

    @property
    def is_printed(self) -> bool:
        return self.chosen.amount != Amount.NOTHING

    @property
    def direction(self) -> str:
        return "rtl" if language(self.chosen.language).is_rtl else "ltr"

    @property
    def copies(self) -> range:
        return range(self.chosen.copies)


@transaction.atomic
def of_code(*, respondent: Respondent, chosen: Chosen, by: User, now: datetime) -> Slip:
    """Their code, after the trail was told who looks. Raises `nothing_to_keep` once they are no longer in touch."""
    if respondent.status not in IN_TOUCH:
        raise DomainError(
            "nothing_to_keep",
            _("This person is no longer in touch with us, so there is nothing for them to keep."),
            next_step=_("Go back to their page."),
        )
    looking.leave_trace(respondent, by, now)
    return Slip(respondent.spoken_code, chosen, says_how=chosen.amount == Amount.FULL)


@transaction.atomic
def of_reference(
    *, respondent: Respondent, request_id: UUID, chosen: Chosen, by: User, now: datetime
) -> Slip:
    """The reference for a partner the person will contact; their need is never on it. Leaves a trace as a look does.

    Raises NotFound for a request that is over, was taken back, is of another form, or is not for this reader.
    """
    rows = OrientationRequest.objects.visible_to(by).shown_at(now).with_letter_facts()
    row = rows.filter(pk=request_id, respondent=respondent, form=Form.I_WILL_CONTACT).first()
    if row is None or agreed_items_of({row.pk: respondent.pk}, now=now)[row.pk] is None:
        raise NotFound(
            "no_such_request",
            _("There is no open request of this kind. It may have been taken back, or be over."),
            next_step=_("Go back to their requests."),
        )
    looking.leave_trace(respondent, by, now)
    says_how = chosen.amount in (ReferenceAmount.FULL, ReferenceAmount.CONTACT)
    return Slip(row.spoken_reference, chosen, says_how, _lines(row, ReferenceAmount(chosen.amount)))


def _lines(row: OrientationRequest, amount: ReferenceAmount) -> tuple[str, ...]:
    service = row.service
    contact = [service.public_contact, service.hours] if service else []
    names = [row.partner.title, *([service.title] if service else [])]
    wanted = {
        ReferenceAmount.FULL: names + contact,
        ReferenceAmount.CONTACT: contact,
    }
    return tuple(line for line in wanted.get(amount, []) if line)
