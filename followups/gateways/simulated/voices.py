"""What is heard on a practice call, in words, for whoever learns the work or shows it to others."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from followups.gateways.simulated.answers import SILENT
from kernel.errors import Sentence

VOICES: Mapping[str, Sentence] = MappingProxyType(
    {
        "completed": _("“Yes, it is me. I can talk now. Ask what you want to ask.” They answer to the end."),
        "partial": _("“Yes, it is me.” They answer more than half, then: “I have to go. The rest another time.”"),
        "hard_refusal": _("“Please do not call me any more. I do not want this.”"),
        "soft_refusal": _("“No, not today. I am not in the mood for questions.”"),
        "break_off": _("They answer a few questions, then: “That is enough.” They hang up."),
        "refused_by_other": _("Another voice: “They do not want to talk to you.”"),
        "callback_firm": _("“I cannot talk now. Call me at this hour tomorrow.”"),
        "callback_soft": _("“I am at work. Some time tomorrow evening is good.”"),
        "not_now": _("“I cannot talk now.” They name no other time."),
        "not_this_round": _("“Not this time. Call me for the next one.”"),
        "other_answered": _("Another voice: “Who is this? They are not here.”"),
        "no_answer": _("It rings and rings. Nobody answers."),
        "busy": _("The line is busy."),
        "answering_machine": _("A machine: “Please leave a message after the tone.”"),
        "switched_off": _("A recording: “The phone you are calling is switched off or out of reach.”"),
        "technical": _("Somebody answers. Then the line breaks up and drops."),
        "not_connected": _("Nothing happens. The call does not go out."),
        "wrong_number": _("A stranger: “There is nobody of that name here. I have had this number for a month.”"),
        "not_working": _("A recording: “This number does not exist.”"),
        "disconnected": _("A recording: “This number is no longer in service.”"),
        "out_of_service": _("A recording: “This number cannot be reached at present. Please try later.”"),
        "number_changed": _("A recording: “This number has changed.” It does not say to which."),
        "unsafe_number": _("They whisper: “This is not my phone. Never call it again.”"),
        "unsafe": _("They answer, but do not say their phrase. Somebody speaks beside them."),
        "language": _("They answer, and you do not understand their language, nor they yours."),
        "deceased": _("Another voice: “They died last month.”"),
        "unable": _("Another voice: “They are ill in bed and cannot talk to anyone these weeks.”"),
        "detained": _("Another voice: “They were taken. They are being held.”"),
        "minor": _("“Yes, it is me. I am sixteen.”"),
        "supervisor": _("Another voice: “Why do you call? Give me the name of your boss.”"),
    }
)  # fmt: skip
"""By code of the disposition that an attentive enumerator would record."""


OF_THE_NETWORK = frozenset({"no_answer", "busy", "answering_machine", *SILENT})
TRUSTED = _("“Yes, I know them. They have another number now; write it down.”")
"""Whoever a person trusts, where anybody answers at all."""


def heard(outcome: str, *, to_trusted: bool = False) -> Sentence:
    """What is heard where a call comes to this; "" for anything else. A trusted person answers for nobody else."""
    if to_trusted and outcome in VOICES and outcome not in OF_THE_NETWORK:
        return TRUSTED
    return VOICES.get(outcome, "")
