"""What decides: draws secret inputs, asks the probe, and compares what came back with the theory."""

from collections.abc import Callable
from typing import Any

from labkit.checks.judges.add_noise import judge_add_noise
from labkit.checks.judges.cosine_betas import judge_cosine_betas
from labkit.checks.judges.faces import judge_face_quality, judge_predictors, judge_trajectories
from labkit.checks.judges.losses import judge_compute_loss, judge_image_loss
from labkit.checks.judges.p_sample import judge_p_sample
from labkit.checks.judges.p_sample_loop import judge_p_sample_loop
from labkit.checks.judges.q_sample import judge_q_sample
from labkit.checks.judges.simple_net import judge_simple_net
from labkit.checks.judges.step import judge_step
from labkit.checks.judges.step_predict import judge_step_predict
from labkit.checks.judges.swiss_roll import judge_forward_figure, judge_trained_model
from labkit.course import PREDICTORS

JUDGES: dict[str, Callable[..., Any]] = {
    "SimpleNet": judge_simple_net,
    "q_sample": judge_q_sample,
    "p_sample": judge_p_sample,
    "p_sample_loop": judge_p_sample_loop,
    "compute_loss": judge_compute_loss,
    "add_noise": judge_add_noise,
    "cosine_betas": judge_cosine_betas,
    **{f"get_loss_{predictor}": judge_image_loss(predictor) for predictor in PREDICTORS},
    **{f"step_predict_{predictor}": judge_step_predict(predictor) for predictor in PREDICTORS},
    "step": judge_step,
    "forward_figure": judge_forward_figure,
    "trained_model": judge_trained_model,
    "predictors": judge_predictors,
    "trajectories": judge_trajectories,
    "face_quality": judge_face_quality,
}
"""name → judge(subject, rng) → what was right, or (score, what was right); raises Wrong or AnswerError"""
