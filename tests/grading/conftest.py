"""Courses to grade: made once, copied by the tests that change them."""

import shutil
from copy import deepcopy

import pytest
from small_courses import make_course, make_released, solve


@pytest.fixture
def course_folder(tmp_path):
    return make_course(tmp_path / "course", "arithmetic")


@pytest.fixture(scope="session")
def released_course(tmp_path_factory):
    """The course after a release; tests copy it and leave it as it is."""
    return make_released(tmp_path_factory.mktemp("released") / "course", "arithmetic")


@pytest.fixture(scope="session")
def noising(tmp_path_factory):
    """The course with real checks after a release; tests copy it and leave it as it is."""
    return make_released(tmp_path_factory.mktemp("noising") / "course", "noising")


@pytest.fixture(scope="session")
def noising_solved(noising):
    return solve(noising, "noising")


@pytest.fixture
def released_folder(released_course, tmp_path):
    return shutil.copytree(released_course, tmp_path / "released")


@pytest.fixture(scope="session")
def solved(released_course):
    return solve(released_course, "arithmetic")


@pytest.fixture
def answers(solved):
    """A copy of `solved` to spoil."""
    return deepcopy(solved)
