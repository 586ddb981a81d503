"""Nobody is worse off here than with stock `nbgrader autograde`, whatever a tool made of the notebook.

All two hundred take half an hour: `python benchmarks/damaged.py` grades them; here it is some.
"""

import json
import shutil

import pytest
from against_stock import with_ours, with_stock
from damaged import ASSIGNMENT, DAMAGES, LESSON, damaged, hand_in, parses

SEEDS = range(6, 200, 38)


@pytest.fixture(scope="module")
def graded(noising, noising_solved, tmp_path_factory):
    course = shutil.copytree(noising, tmp_path_factory.mktemp("damaged") / "course")
    made = hand_in(course, noising_solved[LESSON], SEEDS)
    return made, with_stock(course, ASSIGNMENT), *with_ours(course, ASSIGNMENT)


def test_none_earns_fewer_points_than_with_stock(graded):
    made, stock, ours, _ = graded
    assert {made[name][0]: ours[name] for name in made if ours[name] < stock[name]} == {}
    assert max(stock.values()) == max(ours.values()) == 4  # so that there is something to lose


def test_none_is_left_ungraded(graded):
    made, _, ours, ungraded = graded
    assert ungraded == []
    assert {name: ours[name] for name, (_, data) in made.items() if parses(data)} == dict.fromkeys(made, 4)


def test_the_two_hundred_have_every_damage(noising_solved):
    right = json.loads(json.dumps(noising_solved[LESSON]))
    assert {name for seed in range(200) for name in damaged(right, seed)[0].split(" + ")} == set(DAMAGES)
