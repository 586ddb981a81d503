"""The judges' theory against diffusers, which knows nothing of it, and what the judges can tell apart."""

import numpy as np
import pytest
import torch
from diffusers import DDPMScheduler

from labkit.checks import NamespaceSubject, judge
from labkit.checks.judges.cosine_mistakes import betas_of
from labkit.checks.judges.forward import coefficients_of, noise_in, over
from labkit.checks.judges.reverse_mean import TARGET
from labkit.checks.judges.tables import Tables

LENGTHS = (10, 100, 997, 1000, 4000)


def run_as(source: str) -> NamespaceSubject:
    namespace: dict = {}
    exec("import torch\nfrom labkit.schedules import Schedule, extract\n" + source, namespace)
    return NamespaceSubject(namespace)


@pytest.mark.parametrize("length", LENGTHS)
def test_cosine_betas_are_those_of_diffusers(length: int) -> None:
    oracle = DDPMScheduler(num_train_timesteps=length, beta_schedule="squaredcos_cap_v2").betas
    assert np.abs(betas_of(length, 0.008) - oracle.double().numpy()).max() < 1e-7


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("kind", ["linear", "squaredcos_cap_v2"])
def test_forward_factors_are_those_of_diffusers(length: int, kind: str) -> None:
    oracle = DDPMScheduler(num_train_timesteps=length, beta_schedule=kind)
    t = torch.randint(0, length, (64,))
    x0, eps = torch.rand(64, 3, 5, 4) * 2 - 1, torch.randn(64, 3, 5, 4)
    x_t = oracle.add_noise(x0, eps, t).double().numpy()
    tables = Tables.of(oracle.betas.double().numpy()).at(t.numpy())
    cumprod = tables.cumprod
    signal, noise = (over(factor, x_t) for factor in coefficients_of(tables).values())
    assert np.abs(signal * x0.double().numpy() + noise * eps.double().numpy() - x_t).max() < 5e-5
    usable = cumprod < 0.99  # elsewhere float32's rounding is divided by a small number
    found = noise_in(x_t, x0.double().numpy(), over(cumprod, x_t))[usable]
    assert usable.any() and np.abs(found - eps.double().numpy()[usable]).max() < 1e-3


@pytest.mark.parametrize("length", (10, 1000))
def test_posterior_mean_is_that_of_diffusers(length: int) -> None:
    oracle = DDPMScheduler(num_train_timesteps=length, prediction_type="sample", clip_sample=False)
    truth = Tables.of(oracle.betas.double().numpy())
    of_x0, of_x_t = TARGET.factors(truth)
    x0, x_t = torch.rand(2, 3, 5, 4), torch.randn(2, 3, 5, 4)
    for t in (0, 1, 2, length // 2, length - 1):
        found = oracle.step(x0, t, x_t, generator=torch.Generator().manual_seed(0)).prev_sample
        z = torch.randn(x0.shape, generator=torch.Generator().manual_seed(0))
        mean = found - (oracle._get_variance(t) ** 0.5 * z if t > 0 else 0)
        assert torch.allclose(mean, (of_x0[t] * x0 + of_x_t[t] * x_t).float(), atol=1e-3 if t else 1e-5)
    assert of_x0[0] == pytest.approx(1) and of_x_t[0] == 0


def test_answers_made_of_diffusers_pass() -> None:
    answers = """
from diffusers import DDPMScheduler

def add_noise(schedule, x0, t, eps=None):
    eps = torch.randn_like(x0) if eps is None else eps
    return DDPMScheduler(trained_betas=schedule.betas.numpy()).add_noise(x0, eps, t), eps

def cosine_betas(num_train_timesteps, s=0.008):
    if s == 0.008:
        return DDPMScheduler(num_train_timesteps, beta_schedule="squaredcos_cap_v2").betas
    u = torch.arange(num_train_timesteps + 1, dtype=torch.float64) / num_train_timesteps
    f = torch.cos((u + s) / (1 + s) * torch.pi / 2) ** 2
    return (1 - f[1:] / f[:-1]).clamp(max=0.999).float()

def get_loss_noise(network, schedule, x0):
    ddpm = DDPMScheduler(trained_betas=schedule.betas.numpy())
    t, eps = torch.randint(0, len(ddpm.betas), (len(x0),)), torch.randn_like(x0)
    return torch.nn.functional.mse_loss(network(ddpm.add_noise(x0, eps, t), t), eps)
"""
    for todo in ("add_noise", "cosine_betas", "get_loss_noise"):
        verdict = judge(todo, run_as(answers))
        assert verdict.passed, verdict.message


def test_float32_inside_is_remarked_upon() -> None:
    source = """
def cosine_betas(num_train_timesteps, s=0.008):
    u = torch.arange(num_train_timesteps + 1{}) / num_train_timesteps
    f = torch.cos((u + s) / (1 + s) * torch.pi / 2) ** 2
    return (1 - f[1:] / f[:-1]).clamp(max=0.999).float()
"""
    single, double = (judge("cosine_betas", run_as(source.format(kind))) for kind in ("", ", dtype=float"))
    assert single.passed and "computing in float32" in single.detail
    assert double.passed and "float32" not in double.detail


@pytest.mark.parametrize("factor", [0.98, 1.02])
@pytest.mark.parametrize("where", ["signal", "noise"])
def test_a_slip_of_two_percent_at_a_tenth_of_the_timesteps_is_found(factor: float, where: str) -> None:
    source = f"""
def add_noise(schedule, x0, t, eps=None):
    eps = torch.randn_like(x0) if eps is None else eps
    a = extract(schedule.alphas_cumprod, t, x0)
    slip = torch.where(t % 10 == 3, {factor}, 1.0).view(-1, 1, 1, 1)
    signal, noise = a.sqrt(), (1 - a).sqrt()
    {where} = slip * {where}
    return signal * x0 + noise * eps, eps
"""
    verdict = judge("add_noise", run_as(source))
    assert not verdict.passed and verdict.misconception is None and verdict.curve is not None
    off = {"signal": "factor of x0", "noise": "factor of the noise"}[where]
    assert f"{off} is off at" in verdict.detail


def test_a_wrong_factor_in_the_mean_is_described() -> None:
    source = """
def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),))
    x_t, eps = add_noise(schedule, x0, t)
    left = 1 - extract(schedule.alphas_cumprod, t, x0)
    prev = extract(schedule.alphas_cumprod_prev, t, x0)
    of_x0 = prev.sqrt() * extract(schedule.betas, t, x0) / left
    of_x_t = extract(schedule.alphas, t, x0).sqrt() * (1 - prev) / left
    return (network(x_t, t) - of_x0 * x0 - 0.9 * of_x_t * x_t).square().mean()
"""
    verdict = judge("get_loss_mean", run_as(source))
    assert not verdict.passed and verdict.misconception is None
    assert "factor of x0 in the target is right" in verdict.detail and verdict.curve is not None


def test_the_signal_of_an_x_t_written_out_is_known_to_two_percent() -> None:
    source = """
def get_loss_x0(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),))
    a = extract(schedule.alphas_cumprod, t, x0)
    x_t = 0.98 * a.sqrt() * x0 + (1 - a).sqrt() * torch.randn_like(x0)
    return (network(x_t, t) - x0).square().mean()
"""
    assert not judge("get_loss_x0", run_as(source)).passed
    assert judge("get_loss_x0", run_as(source.replace("0.98 * ", ""))).passed
