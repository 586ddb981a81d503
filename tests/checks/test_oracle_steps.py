"""diffusers' DDPMScheduler as the outside oracle: the judges' theory is its, its steps pass the checks."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import DDPMScheduler
from torch import Tensor

from labkit.checks import NamespaceSubject, judge
from labkit.checks.judges.draw import random_betas
from labkit.checks.judges.reverse_mean import FROM_NOISE, FROM_X_0, X_0_ITSELF, X_0_OF_NOISE
from labkit.checks.judges.tables import Tables, posterior_variance

QUANTITY = {"epsilon": X_0_OF_NOISE.factors, "sample": X_0_ITSELF.factors}
"""diffusers' prediction type → x̂_0 from x_t and the network's answer, in the judges' words"""
MEAN = {"epsilon": FROM_NOISE.factors, "sample": FROM_X_0.factors}


def scheduler(betas: np.ndarray, prediction: str, variance: str, clip: bool) -> DDPMScheduler:
    return DDPMScheduler(
        num_train_timesteps=len(betas),
        trained_betas=betas,
        prediction_type=prediction,
        variance_type=variance,
        clip_sample=clip,
    )


def schedules() -> list[np.ndarray]:
    rng = np.random.default_rng(5)
    lesson = [np.linspace(1e-4, 0.02, length) for length in (1000, 333)]
    return [*lesson, random_betas(rng, 50), rng.uniform(0.2, 0.6, 12), rng.uniform(0.1, 0.3, 2)]


@pytest.mark.parametrize("clip", [False, True])
@pytest.mark.parametrize("variance", ["fixed_small", "fixed_large"])
@pytest.mark.parametrize("prediction", ["epsilon", "sample"])
def test_the_theory_is_the_oracles(prediction: str, variance: str, clip: bool) -> None:
    for betas in schedules():
        oracle, tables = scheduler(betas, prediction, variance, clip), Tables.of(betas)
        sigma_2 = {"fixed_small": posterior_variance(tables), "fixed_large": betas}[variance]
        for t in np.unique(np.linspace(0, len(betas) - 1, 15).astype(int)):
            generator = torch.Generator().manual_seed(int(t))
            x_t, net_out = torch.randn(2, 1, 3, 4, 6, generator=generator)
            drawn = torch.Generator().manual_seed(9)
            found = oracle.step(net_out, int(t), x_t, generator=drawn).prev_sample.double().numpy()
            z = torch.randn(x_t.shape, generator=torch.Generator().manual_seed(9)).double().numpy()

            x_t, net_out = x_t.double().numpy(), net_out.double().numpy()
            of_x_t, of_other = (
                factor[t] for factor in (FROM_X_0.factors if clip else MEAN[prediction])(tables)
            )
            other = net_out
            if clip:
                from_x_t, from_net_out = (factor[t] for factor in QUANTITY[prediction](tables))
                other = np.clip(from_x_t * x_t + from_net_out * net_out, -1, 1)
            mean = of_x_t * x_t + of_other * other
            expected = mean + (np.sqrt(sigma_2[t]) * z if t > 0 else 0)
            np.testing.assert_allclose(found, expected, rtol=1e-3, atol=2e-3, err_msg=f"t = {t}")


def step_of_the_oracle(prediction: str, variance: str, clip: bool) -> Callable[..., Tensor]:
    """An answer that leaves everything to DDPMScheduler."""

    def step(schedule: Any, x_t: Tensor, t: Tensor, net_out: Tensor) -> Tensor:
        betas = schedule.betas.double().numpy()
        return scheduler(betas, prediction, variance, clip).step(net_out, int(t[0]), x_t).prev_sample

    return step


@pytest.mark.parametrize("clip", [False, True])
@pytest.mark.parametrize("variance", ["fixed_small", "fixed_small_log", "fixed_large"])
@pytest.mark.parametrize("prediction", ["epsilon", "sample"])
def test_the_oracles_step_passes_its_own_check_alone(prediction: str, variance: str, clip: bool) -> None:
    answer = step_of_the_oracle(prediction, variance, clip)
    right, wrong = "step_predict_noise", "step_predict_x0"
    if prediction == "sample":
        right, wrong = wrong, right
    verdict = judge(right, NamespaceSubject({right: answer}))
    assert verdict.passed, verdict.message
    verdict = judge(wrong, NamespaceSubject({wrong: answer}))
    unclipped = {"epsilon": "net_out_as_noise", "sample": "net_out_as_x0"}[prediction]
    assert not verdict.passed and verdict.misconception in ({unclipped, None} if clip else {unclipped})


def test_a_step_that_dispatches_to_the_oracle_passes() -> None:
    predictions = {"noise": "epsilon", "x0": "sample"}

    def step(schedule: Any, x_t: Tensor, t: Tensor, net_out: Tensor, predictor: str) -> Tensor:
        if predictor == "mean":
            return net_out + (schedule.betas[t[0]].sqrt() * torch.randn_like(x_t) if t[0] > 0 else 0)
        if predictor not in predictions:
            raise ValueError("predictor must be noise, x0 or mean")
        return step_of_the_oracle(predictions[predictor], "fixed_large", True)(schedule, x_t, t, net_out)

    verdict = judge("step", NamespaceSubject({"step": step}))
    assert verdict.passed, verdict.message


def test_the_oracle_with_thresholding_is_not_clipping() -> None:
    """Dynamic thresholding scales x̂_0 image by image: another sampler."""

    def step_predict_x0(schedule: Any, x_t: Tensor, t: Tensor, net_out: Tensor) -> Tensor:
        oracle = DDPMScheduler(
            trained_betas=schedule.betas.double().numpy(),
            num_train_timesteps=len(schedule.betas),
            prediction_type="sample",
            thresholding=True,
            sample_max_value=3.0,
        )
        return oracle.step(net_out, int(t[0]), x_t).prev_sample

    assert not judge("step_predict_x0", NamespaceSubject({"step_predict_x0": step_predict_x0})).passed
