"""A day in the field, the calls of one enumerator."""

from tests.browser import pictures
from tests.browser.planted import ASK_FOR, COVER_WORDS, ENROLLED, NOTE, NUMBER, SAFE_PHRASE


def enumerator_interviews(day):
    one, reader, page = day.enumerator, day.enumerator.reader, day.enumerator.page
    page.goto("/calls/")
    reader.look("today")
    assert one.take_next_call() == day.canary
    reader.look("card")
    pictures.keep(page, "enumerator-card")
    assert one.dial() == NUMBER.replace(" ", "")
    reader.look("call")
    pictures.keep(page, "enumerator-call")
    assert all(words in page.inner_text("main") for words in (ASK_FOR, SAFE_PHRASE, COVER_WORDS))
    one.record_an_interview(stage="arrived")
    reader.look("recorded")
    assert "The next call is planned for" in page.inner_text("main")


def enumerator_asks_a_partner(day):
    one, reader = day.enumerator, day.enumerator.reader
    reader.press("They asked for help from a partner")
    one.fill_in_request("Legal advice by phone", NOTE)
    reader.look("ask-partner")
    reader.press("Keep the request")
    reader.look("asked-partner")


def enumerator_enrols_others(day):
    for number in ENROLLED:
        day.enumerator.choose_words_to_read_out()
        day.enumerator.fill_in_somebody(number)
        day.enumerator.enrol()


def enumerator_works_through_them(day):
    """One asks to be called again soon, one call is unsafe, one wants to be left alone, one wants to be erased."""
    one, reader, page = day.enumerator, day.enumerator.reader, day.enumerator.page
    day.codes.append(one.take_next_call())
    day.dialled_later = one.dial()
    one.record_a_call_back(minutes="30")
    reader.look("call-back")
    page.goto("/calls/")
    assert day.codes[0] in page.inner_text("main")

    day.codes.append(one.take_next_call())
    reader.press("Unsafe")
    assert page.url.endswith("/calls/blank")
    assert len(page.inner_text("body").strip()) <= 1

    day.codes.append(one.take_next_call())
    one.hand_back()
    one.stop(day.codes[2])
    reader.look("stopped")

    day.codes.append(one.take_next_call())
    one.hand_back()
    one.withdraw(day.codes[3], "erase_all")
    reader.look("receipt")

    assert one.take_next_call() == ""
    reader.look("nothing")
    assert len({day.canary, *day.codes}) == 5
