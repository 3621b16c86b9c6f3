import pytest

from followups.scheduling.explanations import DETAILED, OPEN_ENDED, TIMED, why
from followups.scheduling.reasons import Reason, Refusal
from tests.followups.scheduling.people import NOON


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_sentence_with_and_without_a_time(reason):
    assert why(Refusal(reason)).endswith(".")
    assert "%(" not in why(Refusal(reason, NOON), "Tuesday 13:00")


def test_a_sentence_names_the_time_on_their_clock():
    sentence = why(Refusal(Reason.SPACING, NOON), "Tuesday 13:00")

    assert sentence == "The last attempt is too recent. The next one may be made at Tuesday 13:00."


def test_the_detail_makes_the_sentence_exact():
    assert why(Refusal(Reason.RECONTACT_NOT_PERMITTED, detail="expired")).endswith("has expired.")
    assert why(Refusal(Reason.ON_HOLD, NOON, "pause"), "Tuesday") == "They asked for a pause until Tuesday."
    assert why(Refusal(Reason.ON_HOLD, None, "safety")) == "On hold until a coordinator has looked at it."


@pytest.mark.parametrize(("key", "sentence"), [*TIMED.items(), *DETAILED.items()], ids=str)
def test_sentences_take_no_placeholder_but_the_time(key, sentence):
    assert str(sentence) % {"time": "T"}
    assert set(OPEN_ENDED) == set(Reason)
