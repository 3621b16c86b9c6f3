import pytest

from audit.actions import Action
from reports.sentences import REFUSED, SENTENCES, sentence


def test_every_action_of_the_trail_has_a_sentence():
    assert set(Action) - set(SENTENCES) == set()


@pytest.mark.parametrize("action", Action)
def test_every_sentence_is_whole_once_the_names_are_filled_in(action):
    told = sentence(action, who="Amina", whom="Ben")
    assert told[0].isupper() and told.endswith(".") and "%" not in told


def test_what_was_refused_does_not_read_as_if_it_had_happened():
    for action in REFUSED:
        assert "refused" in sentence(action, who="Amina", whom="Ben", outcome="refused")


def test_a_sign_in_that_was_refused_names_the_account_and_not_the_actor():
    told = sentence(Action.SIGN_IN_REFUSED, who="The system", whom="Amina")
    assert told == "A sign-in to the account of Amina was refused."
