import numpy as np
import pytest

from followups.contact_model.evidence import Evidence, nothing_yet
from followups.contact_model.fitting import fit
from followups.contact_model.parameters import Parameters
from followups.simulation.policies import Known, Rotation
from followups.simulation.world import World, WorldSpec

pytestmark = pytest.mark.either


def dialled(spec, seed, wanted=None):
    """What a rotation hears in a world, as evidence, with the world."""
    world = World(spec, seed)
    policy = Rotation(Known(world.segment, spec.segments, world.stated, spec.cap), seed)
    lots = np.random.default_rng(seed)
    contacts = np.zeros((spec.waves, spec.respondents, 8), np.float32)
    failures = contacts.copy()
    moved = np.zeros((spec.waves, spec.respondents), np.bool_)
    for wave in range(spec.waves):
        if wave:
            moved[wave] = world.next_wave()
        waiting = np.arange(spec.respondents)
        for _turn in range(spec.cap):
            slots = policy.choose(waiting)
            answered = world.alive[waiting] & (lots.random(len(waiting)) < world.chances[waiting, slots])
            policy.hear(waiting, slots, answered)
            contacts[wave, waiting[answered], slots[answered]] += 1
            failures[wave, waiting[~answered], slots[~answered]] += 1
            waiting = waiting[~answered]
    return world, Evidence(
        segments=tuple(str(number) for number in range(spec.segments)),
        segment=world.segment,
        stated=world.stated,
        first=np.zeros(spec.respondents, np.int64),
        contacts=contacts,
        failures=failures,
        weight=np.ones((spec.waves, spec.respondents), np.float32),
        reached=contacts.any(axis=2),
        moved=moved,
        renewed=np.zeros_like(moved),
    )


def test_a_fit_finds_the_numbers_of_the_world_that_made_the_dials():
    spec = WorldSpec(respondents=3000, waves=4, stated=0.5, sd_segment_slot=0.5)
    world, heard = dialled(spec, seed=5)

    found = fit(heard, steps=12)

    assert found.spread_person == pytest.approx(0.8, abs=0.12)
    assert found.spread_pattern == pytest.approx(0.8, abs=0.15)
    assert found.dead == pytest.approx(0.10, abs=0.03)
    assert found.dies == pytest.approx(0.05, abs=0.02)
    assert found.revives == pytest.approx(0.30, abs=0.1)
    # Half name their best slot; of the others one in eight names it by luck.
    assert found.stated_right == pytest.approx(0.5, abs=0.1)
    known = np.array([found.of_segment(name) for name in heard.segments]) + found.by_slot
    truth = world.chances_of_segments()
    assert np.corrcoef(known.ravel(), truth.ravel())[0, 1] > 0.9


def test_a_fit_without_a_single_dial_stays_with_what_was_believed():
    nobody_tried = nothing_yet(("a",), np.zeros(500, np.int64), np.full(500, -1))

    found = fit(nobody_tried)

    assert found.level == pytest.approx(Parameters().level, abs=0.01)
    assert found.spread_person == pytest.approx(Parameters().spread_person, abs=0.01)
    assert found.dead == pytest.approx(Parameters().dead, abs=0.01)


def test_a_handful_of_people_moves_little():
    five = nothing_yet(("a",), np.zeros(5, np.int64), np.full(5, -1))
    five.failures[0, :, :4] = 1

    found = fit(five)

    assert abs(found.level - Parameters().level) < 0.6
    assert found.dead < 0.12


def test_a_fit_remembers_segments_that_are_not_in_the_evidence():
    before = Parameters(by_segment={"gone": (0.3,) * 8})

    found = fit(nothing_yet(("a",), np.zeros(3, np.int64), np.full(3, -1)), before)

    assert found.of_segment("gone") == (0.3,) * 8


def test_a_fit_is_the_same_however_often_it_is_made():
    _world, heard = dialled(WorldSpec(respondents=200, waves=2), seed=1)

    assert fit(heard) == fit(heard)


def test_the_order_of_people_does_not_matter():
    _world, heard = dialled(WorldSpec(respondents=200, waves=2), seed=1)

    backwards = fit(heard.of(np.arange(200)[::-1]))

    assert backwards.level == pytest.approx(fit(heard).level, abs=1e-4)
    assert backwards.spread_pattern == pytest.approx(fit(heard).spread_pattern, abs=1e-4)
