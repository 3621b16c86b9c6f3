import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import DomainError
from tracker import spoken_codes
from tracker.spoken_codes import ALPHABET

codes = st.integers(0, 32**7 - 1).map(lambda number: spoken_codes.draw(lambda _: number))
symbols = st.sampled_from(ALPHABET)
places = st.integers(0, 7)


def put(code, changes):
    return "".join(changes.get(place, symbol) for place, symbol in enumerate(code))


def test_the_check_symbol_of_a_known_code_is_the_one_worked_out_by_hand():
    # 0000001 -> 1*x = 2; 0000010 -> (1*x)*x = 4; 000000Z: 31*x = 62, less 37 = 27
    assert spoken_codes.check_symbol("0000001") == "2"
    assert spoken_codes.check_symbol("0000010") == "4"
    assert spoken_codes.check_symbol("000000Z") == "V"


def test_a_drawn_code_takes_its_seven_symbols_from_the_number_drawn():
    assert spoken_codes.draw(lambda below: below - 1)[:7] == "ZZZZZZZ"
    assert spoken_codes.draw(lambda below: 1)[:7] == "0000001"


def test_a_code_drawn_from_the_systems_randomness_is_a_code():
    assert spoken_codes.is_code(spoken_codes.draw())


@given(codes)
def test_what_is_displayed_reads_back_as_the_same_code(code):
    assert spoken_codes.parse(spoken_codes.display(code)) == code


@given(codes, places, symbols)
def test_every_single_wrong_symbol_is_found(code, place, symbol):
    wrong = put(code, {place: symbol})
    assert spoken_codes.is_code(wrong) == (wrong == code)


@given(codes, st.integers(0, 6))
def test_every_swap_of_neighbours_is_found(code, place):
    wrong = put(code, {place: code[place + 1], place + 1: code[place]})
    assert spoken_codes.is_code(wrong) == (wrong == code)


@given(codes, st.integers(0, 5))
def test_every_swap_across_one_symbol_is_found(code, place):
    wrong = put(code, {place: code[place + 2], place + 2: code[place]})
    assert spoken_codes.is_code(wrong) == (wrong == code)


@given(codes, st.integers(0, 6), symbols, symbols)
def test_every_wrong_twin_is_found(code, place, first, second):
    # Give the code a twin by choosing its last free symbol so that the check fits again.
    with_twin = next(
        candidate
        for free in ALPHABET
        for candidate in [put(code, {place: first, place + 1: first, (place + 3) % 8: free})]
        if spoken_codes.is_code(candidate)
    )
    wrong = put(with_twin, {place: second, place + 1: second})
    assert spoken_codes.is_code(wrong) == (first == second)


def test_every_pair_of_symbols_is_told_from_every_swap_of_it_at_every_distance():
    for distance, (a, b) in itertools.product(range(1, 8), itertools.combinations(ALPHABET, 2)):
        body = a + "0" * (distance - 1) + b
        swapped = b + "0" * (distance - 1) + a
        assert spoken_codes.check_symbol(body) != spoken_codes.check_symbol(swapped)


@pytest.mark.parametrize(
    "typed",
    [
        "K7Q2-9M4S",
        "k7q29m4s",
        " K7Q2 9M4S ",
        "K7Q2\u20119M4S",
        "k 7 q 2 9 m 4 s",
        "\u200fK7Q2-9M4S",
        "K٧Q٢-٩M٤S",
    ],
)
def test_case_spaces_hyphens_and_digits_of_other_scripts_are_forgiven(typed):
    assert spoken_codes.parse(typed) == "K7Q29M4S"


def test_the_letters_i_l_and_o_are_taken_for_the_digits_they_look_like():
    code = "0100100" + spoken_codes.check_symbol("0100100")
    assert spoken_codes.parse("oIOol00" + code[-1]) == code


def test_a_wrong_check_symbol_is_refused_with_what_is_wrong_and_what_to_do():
    with pytest.raises(DomainError) as refused:
        spoken_codes.parse("K7Q2-9M4X")
    assert refused.value.code == "code_check_failed"
    assert "changed places" in str(refused.value)
    assert "type it again" in str(refused.value)


@pytest.mark.parametrize("typed", ["", "K7Q2-9M4", "K7Q2-9M4SS", "K7U2-9M4S", "K7Q2-9M4!", "????????"])
def test_what_is_no_code_at_all_is_refused_as_malformed(typed):
    with pytest.raises(DomainError) as refused:
        spoken_codes.parse(typed)
    assert refused.value.code == "code_malformed"


@given(st.text(max_size=12))
def test_whatever_is_typed_gives_a_code_or_a_refusal(typed):
    try:
        assert spoken_codes.is_code(spoken_codes.parse(typed))
    except DomainError as refused:
        assert refused.code in {"code_malformed", "code_check_failed"}
