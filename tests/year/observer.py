"""An independent observer of promises 1 to 5: knows no rule of ours, and reads the trail and the dials only."""

from collections.abc import Callable, Iterable, Iterator

from tests.year import promise_five, promise_four, promise_one, promise_three, promise_two, spacing, telling
from tests.year.answer_key import AnswerKey, Rows
from tests.year.history import History
from tests.year.reading import tell
from tests.year.telling import DialRow, Event
from tests.year.violation import Violation, report

__all__ = ["CHECKS", "Violation", "judge", "judge_these", "report"]

Check = Callable[[History, AnswerKey], Iterator[Violation]]

CHECKS: tuple[Check, ...] = (
    promise_one.nothing_without_a_standing_yes,
    promise_one.nothing_after_the_end,
    promise_one.nothing_on_a_stopped_number,
    promise_two.every_look_belongs_to_one_dial,
    promise_two.every_dial_is_looked_at_once,
    promise_two.every_opening_of_a_number_is_a_dial,
    promise_two.leave_was_asked_first,
    promise_two.no_number_stands_in_the_trail,
    promise_three.claims_on_a_person_do_not_overlap,
    promise_three.claims_of_an_enumerator_do_not_overlap,
    promise_three.nobody_is_dialled_by_two_at_once,
    promise_four.everything_fits_together,
    promise_four.every_sitting_ends_once,
    promise_four.every_follow_up_ends_once,
    promise_five.every_dial_is_at_a_safe_hour,
    promise_five.nobody_is_dialled_under_a_hold,
    promise_five.nobody_is_dialled_in_danger,
    promise_five.nobody_is_dialled_by_whom_they_barred,
    promise_five.nobody_is_tried_too_often,
    promise_five.no_number_rings_too_often,
    promise_five.each_sitting_dials_each_number_once,
    promise_five.no_harmed_number_is_dialled,
    promise_five.no_number_out_of_use_is_dialled,
    spacing.sittings_keep_their_distance,
    spacing.no_round_takes_too_many_sittings,
)


def judge(*, key: AnswerKey, diary: object, rows: Rows) -> list[Violation]:
    """Every broken promise in the trail and the dials of this database; [] when all were kept.

    `diary` is what the inventor of the people counted (`answer_key.Diary`, or anything with some of its attributes).
    """
    return judge_these(telling.events(), telling.dials(), key=key, diary=diary, rows=rows)


def judge_these(
    events: Iterable[Event], dials: Iterable[DialRow], *, key: AnswerKey, diary: object, rows: Rows
) -> list[Violation]:
    """The same for a history given as values."""
    history = tell(events, dials, key)
    found = [violation for check in CHECKS for violation in check(history, key)]
    found += promise_four.the_diary_agrees(history, diary)
    return found + list(promise_four.the_rows_agree(history, rows))
