import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from followups.simulation.comparing import gains, means
from followups.simulation.judging import Dials, Journal, violations
from followups.simulation.running import MADE, PolicyName, run, run_named
from followups.simulation.world import World, WorldSpec, spec_from

pytestmark = pytest.mark.either

SMALL = WorldSpec(respondents=400, waves=3)


def simulated(tmp_path, world, *arguments):
    path = tmp_path / "world.json"
    path.write_text(world if isinstance(world, str) else json.dumps(world))
    return call_command("simulate", "--world", str(path), "--processes", "1", *arguments)


def test_the_command_prints_one_document_with_every_figure(tmp_path, capsys):
    simulated(
        tmp_path, {"respondents": 60, "waves": 2}, "--policy", "rotation,learned", "--seeds", "2", "--json"
    )

    document = json.loads(capsys.readouterr().out)
    assert document["policies"].keys() == {"rotation", "learned"}
    assert document["policies"]["learned"].keys() == {
        "dials_per_contact",
        "wave_contact_rate",
        "first_dial_rate",
        "wave_contact_rate_lowest_fifth",
        "filter_violations",
    }
    assert document["against_rotation"].keys() == {"learned"}


@pytest.mark.parametrize(
    ("world", "sentence"),
    [
        ({"churn": 1.5}, "churn is a share from 0 to 1"),
        ({"persons": 3}, "a world has no persons"),
        ({"respondents": 0}, "respondents is a whole number"),
        ({"base": "high"}, "base has to be a number"),
        ("[]", "cannot be"),
        ("{", "cannot be read"),
    ],
)
def test_a_world_that_cannot_be_is_refused_with_a_sentence(tmp_path, world, sentence):
    with pytest.raises(CommandError, match=sentence) as refused:
        simulated(tmp_path, world, "--policy", "rotation")

    assert refused.value.returncode == 1


@pytest.mark.parametrize("arguments", [("--policy", "best"), ("--policy", "rotation", "--seeds", "0")])
def test_wrong_usage_is_told_apart(tmp_path, arguments):
    with pytest.raises(CommandError) as refused:
        simulated(tmp_path, {}, *arguments)

    assert refused.value.returncode == 2


def test_a_run_is_the_same_however_often_it_is_made():
    assert run_named(SMALL, (PolicyName.LEARNED, 3)) == run_named(SMALL, (PolicyName.LEARNED, 3))


def test_rotation_needs_about_as_many_dials_as_the_method_says():
    results = [run_named(WorldSpec(), (PolicyName.ROTATION, seed)) for seed in range(6)]

    # Method 3.6: 4.00 dials a contact and 84.1 % reached, over thirty seeds.
    assert means(results)["dials_per_contact"] == pytest.approx(4.0, abs=0.2)
    assert means(results)["wave_contact_rate"] == pytest.approx(0.841, abs=0.012)


def test_the_oracle_is_never_worse_than_the_model_knows_to_be():
    named = {name: [run_named(SMALL, (name, seed)) for seed in range(3)] for name in PolicyName}
    mean = {name: means(results)["dials_per_contact"] for name, results in named.items()}

    assert mean["oracle"] < mean["learned"] < mean["rotation"]
    assert all(means(results)["filter_violations"] == 0 for results in named.values())
    assert gains(named, PolicyName.ROTATION)[PolicyName.ORACLE].dials_percent[2] < 0


def test_the_model_sees_nothing_of_the_world_but_what_people_said_and_did():
    """The same answers, another truth behind them: the same choices."""

    class OtherTruth(World):
        def __init__(self, spec, seed):
            super().__init__(spec, seed)
            self.mean_chance = np.zeros_like(self.mean_chance)

    def dials_of(kind):
        policy = MADE[PolicyName.LEARNED](kind(SMALL, 1), 1)
        policy.begin_wave(0, np.zeros(400, np.bool_))
        return policy.choose(np.arange(400))

    assert (dials_of(World) == dials_of(OtherTruth)).all()


def test_nobody_states_a_best_time_in_a_world_where_nobody_is_asked():
    assert (World(SMALL, 1).stated == -1).all()
    assert (World(spec_from({"stated": 1.0, "respondents": 50}), 1).stated >= 0).all()


@pytest.mark.parametrize(
    "planted",
    [
        [(0, 0, 5, 1, True), (0, 1, 5, 1, False)],  # after an answer
        [(0, turn, 5, 1, False) for turn in range(9)],  # over the cap
        [(0, 0, 5, 1, False), (0, 0, 5, 2, False)],  # twice in one turn
        [(0, 0, 5, 8, False)],  # to a slot that does not exist
        [(0, 0, 400, 1, False)],  # to a person that does not exist
        [(3, 0, 5, 1, False)],  # in a wave that does not exist
    ],
)
def test_the_judge_sees_a_dial_that_breaks_a_rule(planted):
    columns = [np.array(column) for column in zip(*planted, strict=True)]

    assert violations(SMALL, Dials(*columns)) == 1


def test_a_policy_that_dials_on_after_an_answer_is_caught():
    journal = Journal(SMALL)
    everybody = np.arange(400)
    for turn in range(2):
        journal.write(0, turn, everybody, np.zeros(400, int), np.ones(400, np.bool_))

    assert violations(SMALL, journal.dials()) == 400


def test_a_world_nobody_can_reach_has_no_division_by_zero():
    nobody = run(WorldSpec(respondents=20, waves=1, dead=1.0), 1, MADE[PolicyName.ROTATION])

    assert nobody.wave_contact_rate == 0
    assert nobody.dials_per_contact == 160
