"""What runs beside the student's code: calls the answer and reports what came out. It knows no truth."""

from collections.abc import Callable
from functools import partial
from typing import Any

from labkit.checks.probes.add_noise import probe_add_noise
from labkit.checks.probes.cosine_betas import probe_cosine_betas
from labkit.checks.probes.faces import probe_face_choice, probe_face_step
from labkit.checks.probes.losses import probe_loss
from labkit.checks.probes.p_sample import probe_p_sample
from labkit.checks.probes.p_sample_loop import probe_p_sample_loop
from labkit.checks.probes.q_sample import probe_q_sample
from labkit.checks.probes.reverse_step import STEPS, probe_step, probe_step_predict
from labkit.checks.probes.simple_net import probe_simple_net
from labkit.checks.probes.swiss_roll import probe_forward_figure
from labkit.course import PREDICTORS

PROBES: dict[str, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]] = {
    "SimpleNet": probe_simple_net,
    "q_sample": probe_q_sample,
    "p_sample": probe_p_sample,
    "p_sample_loop": probe_p_sample_loop,
    "compute_loss": partial(probe_loss, todo="compute_loss", helper="q_sample"),
    "add_noise": probe_add_noise,
    "cosine_betas": probe_cosine_betas,
    **{
        todo: partial(probe_loss, todo=todo, helper="add_noise")
        for todo in (f"get_loss_{predictor}" for predictor in PREDICTORS)
    },
    **{name: probe_step_predict(name) for name in STEPS},
    "step": probe_step,
    "face_choice": probe_face_choice,
    "face_step": probe_face_step,
    "forward_figure": probe_forward_figure,
}
"""name → probe(namespace, arrays) → arrays"""
