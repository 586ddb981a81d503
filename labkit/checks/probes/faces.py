"""Reads the training runs of notebook 07, and draws faces from one for notebook 08."""

from typing import Any

import torch

from labkit.checks.probes.common import BadReturn, as_array, find
from labkit.course import BETAS, PREDICTORS, run_folder
from labkit.faces import sample_faces
from labkit.profiles import PROFILES, Profile
from labkit.schedules import Schedule
from labkit.training import Run, RunError, training_device


def probe_face_profile(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: nothing. Out: profile, its number among PROFILES."""
    return {"profile": list(PROFILES).index(_profile(namespace).name)}


def probe_denoiser(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: predictor, beta (their numbers in labkit.course), x_t [B, 3, H, W], t [B].

    Out: out [B, 3, H, W], what the trained network answers.
    """
    predictor, beta = PREDICTORS[int(arrays["predictor"])], BETAS[int(arrays["beta"])]
    network = trained_network(namespace, predictor, beta)
    x_t, t = torch.from_numpy(arrays["x_t"]).float(), torch.from_numpy(arrays["t"])
    device = next(network.parameters()).device
    with torch.inference_mode():
        out = network(x_t.to(device), t.to(device))
    return {"out": as_array(out, tuple(x_t.shape), "the network")}


def probe_face_samples(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: n, seed. Out: samples uint8 [n, 3, H, W], drawn with the student's `step` from the run that the
    notebook's `predictor` and `beta` name.
    """
    predictor, beta = _choice(namespace)
    schedule, network = _schedule(namespace), trained_network(namespace, predictor, beta)
    step = find(namespace, "step")
    samples = sample_faces(
        _profile(namespace), network, schedule, step, predictor, n=int(arrays["n"]), seed=int(arrays["seed"])
    )
    return {"samples": samples.numpy()}


def probe_face_choice(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: nothing. Out: predictor, beta, the numbers of the notebook's choice in labkit.course."""
    predictor, beta = _choice(namespace)
    return {"predictor": PREDICTORS.index(predictor), "beta": BETAS.index(beta)}


def probe_face_step(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: x_t, net_out [B, 3, H, W]. Out: x_prev [B, 3, H, W], the student's `step` at t = 0 with the
    notebook's schedule and predictor.
    """
    x_t, net_out = (torch.from_numpy(arrays[name]).float() for name in ("x_t", "net_out"))
    schedule, step = _schedule(namespace), find(namespace, "step")
    device, t = schedule.betas.device, torch.zeros(len(x_t), dtype=torch.long)
    with torch.no_grad():
        x_prev = step(schedule, x_t.to(device), t.to(device), net_out.to(device), _choice(namespace)[0])
    return {"x_prev": as_array(x_prev, tuple(x_t.shape), "step")}


def _choice(namespace: dict[str, Any]) -> tuple[str, str]:
    predictor, beta = (namespace.get(name) for name in ("predictor", "beta"))
    if predictor not in PREDICTORS or beta not in BETAS:
        raise BadReturn(
            "missing",
            f"`predictor` must be one of {', '.join(PREDICTORS)} and `beta` one of {', '.join(BETAS)}; "
            f"they are {predictor!r} and {beta!r}.",
        )
    return predictor, beta


def _schedule(namespace: dict[str, Any]) -> Schedule:
    if not isinstance(schedule := namespace.get("schedule"), Schedule):
        raise BadReturn("missing", "There is no `schedule` yet: run the notebook's cells from the top.")
    return schedule


def trained_network(namespace: dict[str, Any], predictor: str, beta: str) -> torch.nn.Module:
    """The network of a finished run, with its averaged weights, in eval mode."""
    profile = _profile(namespace)
    try:
        run = Run.load(profile.network().to(training_device()), run_folder(predictor, beta))
    except RunError as error:
        raise BadReturn("untrained", f"For {predictor} under {beta}, {error}") from None
    if len(run.losses) < profile.steps:
        raise BadReturn(
            "untrained",
            f"The run in {run.folder} has {len(run.losses)} steps; {profile.name} asks for {profile.steps}.",
        )
    return run.network


def _profile(namespace: dict[str, Any]) -> Profile:
    """The course's own profile of the notebook's name: what a notebook makes of a profile is not asked."""
    profile = namespace.get("profile")
    if not isinstance(profile, Profile) or profile.name not in PROFILES:
        raise BadReturn("missing", "There is no `profile` yet: run the notebook's cells from the top.")
    return PROFILES[profile.name]
