"""A change of the index key: every number is found before, during and after it, and the old key goes when it may."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from audit.actions import Action
from audit.models import AuditEvent
from kernel import clock
from tests.vault.conftest import NOON, make_card
from tests.vault.power_cut import PowerCut, cut
from vault import contents as keys
from vault import index_keys, lines, matching, processes, providers, reindexing
from vault.buckets import refusal_code
from vault.models import IndexKeyState, KekStatus, PhoneBucket, ProcessKeys, RefusedNumber
from vault.providers import file
from vault.rotation import indexing
from vault.rotation.steps import Run, Wait

LATER = NOON + timedelta(hours=20)
NUMBERS = [f"+1202555{number:04d}" for number in range(100, 130)]


def change(**options):
    wants_new = options.pop("wants_new", True)
    return indexing.change(Run(lambda: LATER, **({"batch": 7} | options)), wants_new=wants_new)


def under():
    return set(PhoneBucket.objects.values_list("index_key_id", flat=True))


@pytest.fixture
def listed(new_card):
    """Thirty people with a number each, as contact points by number."""
    return {number: frozenset({new_card(number=number).pk}) for number in NUMBERS}


def test_every_row_stands_under_the_new_key_and_every_number_is_found(listed):
    done = change()

    assert (done.moved, done.waits_for, done.kept_for_refusals) == (30, None, ())
    assert under() == {2}
    assert set(providers.keyring().index) == {2}
    assert lines.holding_many(NUMBERS) == listed
    assert index_keys.states() == {1: KekStatus.DESTROYED, 2: KekStatus.CURRENT}


def test_the_trail_tells_of_both_keys_by_their_numbers(listed):
    change()

    told = AuditEvent.objects.filter(object_type="index_key").order_by("id").values_list("action", "detail")
    assert list(told) == [
        (Action.INDEX_KEY_CHANGED, {"index_key": 2}),
        (Action.KEY_DESTROYED, {"index_key": 1}),
    ]


def test_while_rows_stand_under_both_keys_every_number_is_found(listed):
    turns = iter([True, True, False, False])

    first = change(keep=lambda: next(turns))
    second = change(wants_new=False)

    assert (first.waits_for, first.moved) == (Wait.TIME, 14)
    assert (second.waits_for, second.moved) == (None, 16)
    assert lines.holding_many(NUMBERS) == listed


def test_a_number_is_found_at_every_page_of_the_change(listed, monkeypatch):
    found, whole = [], reindexing.step

    def step(**options):
        result = whole(**options)
        found.append((under(), lines.holding_many(NUMBERS) == listed))
        return result

    monkeypatch.setattr(reindexing, "step", step)

    change()

    assert ({1, 2}, True) in found
    assert all(is_whole for _under, is_whole in found)


def test_a_number_added_during_the_change_stands_under_the_new_key(listed):
    turns = iter([True, False, False])
    change(keep=lambda: next(turns))

    added = make_card(number="+12025550999")

    assert PhoneBucket.objects.get(contact_point=added.pk).index_key_id == 2


def test_nothing_stands_under_a_key_that_some_process_does_not_look_under(listed):
    ProcessKeys.objects.create(process=uuid4(), kek_ids=[], index_key_ids=[1], heartbeat=clock.wall())

    done = change()
    added = make_card(number="+12025550999")

    assert (done.waits_for, under()) == (Wait.PROCESSES, {1})
    assert PhoneBucket.objects.get(contact_point=added.pk).index_key_id == 1
    assert index_keys.states() == {1: KekStatus.CURRENT, 2: KekStatus.COMING}


def test_a_refused_number_stays_refused_and_keeps_the_old_key_for_refusals_alone(listed):
    lines.keep_refusal("+12025550777")

    done = change()

    assert done.kept_for_refusals == (1,)
    assert set(providers.keyring().index) == {1, 2}
    assert under() == {2}
    assert lines.is_refused("+12025550777")
    assert not lines.is_refused("+12025550778")


def test_a_number_that_is_refused_after_the_change_is_kept_under_the_new_key(listed):
    change()

    lines.keep_refusal("+12025550777")

    kept = RefusedNumber.objects.get()
    assert kept.index_key_id == 2
    assert bytes(kept.code) == refusal_code(providers.keyring().index[2], "+12025550777")


def test_when_the_last_refusal_under_an_old_key_is_gone_the_next_run_destroys_the_key(listed):
    lines.keep_refusal("+12025550777")
    change()
    RefusedNumber.objects.all().delete()

    done = change(wants_new=False)

    assert done.kept_for_refusals == ()
    assert set(providers.keyring().index) == {2}


BREAKS = (
    (index_keys, "keep", 1), (index_keys, "keep", 2), (file, "replace", 1), (processes, "without_index_key", 1),
    (index_keys, "promote", 1), (reindexing, "_move", 1), (reindexing, "step", 2), (index_keys, "retire", 1),
    (file, "replace", 2),
)  # fmt: skip


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize(
    ("place", "name", "nth"), BREAKS, ids=[f"{name}{nth}" for _place, name, nth in BREAKS]
)
def test_a_change_broken_off_anywhere_loses_no_number_and_is_finished_by_the_next_run(
    listed, monkeypatch, place, name, nth, before
):
    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        cut(patch, place, name, before=before, nth=nth)
        change()
    file.forget()
    assert lines.holding_many(NUMBERS) == listed

    change(wants_new=False)

    assert lines.holding_many(NUMBERS) == listed
    assert len(under()) == 1
    assert under() == set(providers.keyring().index)
    assert KekStatus.COMING not in index_keys.states().values()


def test_an_index_key_that_came_back_with_an_old_key_file_goes_again(listed):
    old = file.contents()
    change()
    both = {**old.index, **file.contents().index}
    file.replace(keys.Contents(**{**_parts(file.contents()), "index": both}))

    change(wants_new=False)

    assert set(providers.keyring().index) == {2}


def _parts(contents):
    return {
        name: getattr(contents, name) for name in ("current", "keks", "index", "audit", "callback", "case")
    }


def test_a_row_whose_number_does_not_open_keeps_the_old_key_and_is_told_of(listed, raw):
    from tests.vault.testapp.models import Card

    raw.execute(f"UPDATE {Card._meta.db_table} SET number = %s", [bytes(66)])

    with pytest.raises(CommandError) as refusal:
        call_command("vault_rotate_index", stdout=StringIO())

    assert "could not be placed anew" in str(refusal.value)
    assert set(providers.keyring().index) == {1, 2}


def test_the_command_says_how_many_rows_moved(listed):
    out = StringIO()

    call_command("vault_rotate_index", stdout=out)

    assert out.getvalue() == "30 rows of the phone index stand under the new key. The old key is destroyed.\n"


def test_lookups_ask_under_every_key_that_the_provider_holds(listed):
    file.replace(keys.with_index_key(file.contents()))

    assert lines.holding_many(NUMBERS) == listed
    assert {probe[0] for probe in matching._probes(NUMBERS[0])} == {1, 2}
    assert IndexKeyState.objects.count() == 0
