"""Profiles: what is chosen where, and that the parts of each fit together."""

from pathlib import Path

import pytest
import torch

from labkit.course.profiles import PROFILES, Profile, choose_profile
from labkit.errors import CourseError
from labkit.schedules import Schedule
from labkit.training.recipe import Recipe

each_profile = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LABKIT_PROFILE", "LABKIT_TRAINING"):
        monkeypatch.delenv(name, raising=False)


def test_the_machine_decides(tmp_path: Path) -> None:
    assert choose_profile(tmp_path).name == ("gpu" if torch.cuda.is_available() else "cpu")


@pytest.mark.parametrize("name", PROFILES)
def test_the_environment_decides_and_the_choice_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("LABKIT_PROFILE", name)
    assert choose_profile(tmp_path) is PROFILES[name]
    monkeypatch.delenv("LABKIT_PROFILE")
    assert choose_profile(tmp_path) is PROFILES[name]


def test_grading_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_TRAINING", "off")
    choose_profile(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_unknown_profile_and_damaged_choice_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABKIT_PROFILE", "huge")
    with pytest.raises(CourseError, match=r"LABKIT_PROFILE names the profile 'huge'.*smoke, cpu, gpu"):
        choose_profile(tmp_path)
    monkeypatch.delenv("LABKIT_PROFILE")
    (tmp_path / "profile.json").write_text('{"profile": ')
    with pytest.raises(CourseError, match=r"profile\.json is damaged"):
        choose_profile(tmp_path)


@each_profile
def test_network_and_recipe_fit_the_profile(profile: Profile) -> None:
    with torch.device("meta"):
        network = profile.network()
        x_t = torch.zeros(2, 3, profile.image_size, profile.image_size)
        t = torch.full((2,), profile.num_train_timesteps - 1)
        assert network(x_t, t).shape == x_t.shape
    recipe = profile.recipe()
    assert recipe.pop("checkpoint_every") < recipe["steps"]
    Recipe(seed=63, **recipe)
    assert 1 <= profile.preview_steps <= profile.num_train_timesteps


@each_profile
@pytest.mark.parametrize("make", [Schedule.linear, Schedule.quad])
def test_schedules_end_in_noise(profile: Profile, make) -> None:
    schedule = make(profile.num_train_timesteps, *profile.beta_range)
    assert schedule.alphas_cumprod[-1] < 2e-3
