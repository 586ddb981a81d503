"""Right is right, however it is asked: the stand-ins of the probes, and of training."""

import numpy as np
import pytest
import torch
from torch import Tensor

from labkit.checks import NamespaceSubject, judge
from labkit.checks.misconceptions import MISCONCEPTIONS
from labkit.checks.probes.common import BadReturn, num_portions, portions
from labkit.checks.probes.network import FakeNetwork, affine, known, waves
from labkit.checks.reply import R, Values

T, B = 7, 12


def stand_in(kind: str, shape: tuple[int, ...]) -> tuple[FakeNetwork, Tensor]:
    """A network and samples that it can be asked about."""
    rng, size = np.random.default_rng(3), int(np.prod(shape))
    x = torch.from_numpy(rng.standard_normal((B, *shape))).float()
    function = {
        "affine": affine(rng.standard_normal(T), rng.standard_normal(T)),
        "known": known(x, torch.from_numpy(rng.standard_normal((B, *shape))).float()),
        "waves": waves(10 * rng.standard_normal((size, size)), rng.uniform(0, 6, (T, size))),
    }[kind]
    return FakeNetwork(function, shape), x


def in_portions(network, x, t, size):
    return torch.cat([network(*part) for part in zip(x.split(size), t.split(size), strict=True)])


def in_another_order(network, x, t):
    order = torch.randperm(len(x))
    return network(x[order], t[order])[order.argsort()]


WAYS = {
    "halves": lambda network, x, t: in_portions(network, x, t, B // 2),
    "portions": lambda network, x, t: in_portions(network, x, t, 5),
    "one by one": lambda network, x, t: in_portions(network, x, t, 1),
    "another order": in_another_order,
    "again": lambda network, x, t: (network(x, t), network(x, t))[1],
    "x, t by name": lambda network, x, t: network(t=t, x=x),
    "x_t, t by name": lambda network, x, t: network(x_t=x, t=t),
    "t by name": lambda network, x, t: network(x, t=t),
}


@pytest.mark.parametrize("shape", [(2,), (3,), (3, 4, 5), (1, 5, 3)])
@pytest.mark.parametrize("kind", ["affine", "known", "waves"])
@pytest.mark.parametrize("way", WAYS)
def test_a_network_answers_each_sample_alike_however_it_is_asked(way: str, kind: str, shape) -> None:
    network, x = stand_in(kind, shape)
    t = torch.arange(B) % T
    at_once = network(x, t)
    assert at_once.std() > 0.1 and at_once.requires_grad
    assert torch.allclose(WAYS[way](network, x, t), at_once, atol=1e-5)


@pytest.mark.parametrize("kind", ["affine", "known", "waves"])
def test_a_network_spreads_one_t_as_those_of_the_lessons_do(kind: str) -> None:
    network, x = stand_in(kind, (2,))
    expected = network(x, torch.full((B,), 4))
    for t in (torch.tensor(4), torch.tensor([4])):
        assert torch.equal(network(x, t), expected)
    assert torch.allclose(network(x[5], torch.tensor(4)), expected[5], atol=1e-5)
    images, x = stand_in(kind, (3, 4, 5))
    assert torch.equal(images(x, torch.tensor([4])), images(x, torch.full((B,), 4)))


@pytest.mark.parametrize(
    ("shape", "change", "kind"),
    [
        ((2,), lambda x, t: (x, 3), "t_not_batched"),
        ((2,), lambda x, t: (x, t[:, None]), "t_not_batched"),
        ((2,), lambda x, t: (x, t[:3]), "t_not_batched"),
        ((3, 4, 5), lambda x, t: (x, t[0]), "t_not_batched"),  # as UNet
        ((3, 4, 5), lambda x, t: (x[0], t[:1]), "network_gets_other_shape"),
        ((2,), lambda x, t: (x.T, t), "network_gets_other_shape"),
        ((2,), lambda x, t: ((x, t), t), "network_gets_no_tensor"),
        ((2,), lambda x, t: (x, None), "network_without_t"),
    ],
)
def test_what_no_network_of_the_lessons_takes_is_said_in_words(shape, change, kind: str) -> None:
    network, x = stand_in("known", shape)
    with pytest.raises(BadReturn) as caught:
        network(*change(x, torch.arange(B) % T))
    assert caught.value.kind == kind and kind in MISCONCEPTIONS
    with pytest.raises(TypeError, match=r"takes x and t.*`clip`"):
        network(x, torch.zeros(B).long(), clip=True)


@pytest.mark.parametrize("size", [1, 2047, 2048, 2049, 20_000])
def test_no_portion_is_larger_than_the_lessons_batches(size: int) -> None:
    parts = portions(torch.arange(size))
    assert len(parts) == num_portions(size)
    assert torch.equal(torch.cat(parts), torch.arange(size)) and max(map(len, parts)) <= 2048


class Largest:
    """A subject that wraps an answer, to see how many samples it is asked about at once."""

    def __init__(self, todo: str, source: str, position: int):
        namespace: dict = {}
        exec("import torch\nfrom labkit.schedules import extract\n" + source, namespace)
        answer, self.seen = namespace[todo], 0

        def listening(*args):
            given = args[position]
            self.seen = max(self.seen, len(given) if isinstance(given, Tensor) else given[0])
            return answer(*args)

        namespace[todo] = listening
        self.subject = NamespaceSubject(namespace)

    def call(self, probe: str, values: Values, reply: type[R], seconds: float = 10.0) -> R:
        return self.subject.call(probe, values, reply, seconds)


Q_SAMPLE = """
def q_sample(schedule, x0, t, noise=None):
    left = extract(schedule.alphas_cumprod, t, x0)
    return left.sqrt() * x0 + (1 - left).sqrt() * (torch.randn_like(x0) if noise is None else noise)
"""
P_SAMPLE_LOOP = """
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in reversed(range(schedule.num_train_timesteps)):
        beta, left = schedule.betas[i], schedule.alphas_cumprod[i]
        x = (x - beta / (1 - left).sqrt() * network(x, torch.full(shape[:1], i))) / (1 - beta).sqrt()
        x = x + (i > 0) * beta.sqrt() * torch.randn_like(x)
    return x
"""
COMPUTE_LOSS = """
def compute_loss(network, schedule, x0):
    t, eps = torch.randint(schedule.num_train_timesteps, x0.shape[:1]), torch.randn_like(x0)
    left = extract(schedule.alphas_cumprod, t, x0)
    return (network(left.sqrt() * x0 + (1 - left).sqrt() * eps, t) - eps).square().mean()
"""


@pytest.mark.parametrize(
    ("todo", "source", "position"),
    [
        ("q_sample", Q_SAMPLE, 1),
        ("p_sample_loop", P_SAMPLE_LOOP, 2),
        ("compute_loss", COMPUTE_LOSS, 2),
    ],
)
def test_no_answer_is_asked_about_more_than_the_lessons_ask(todo: str, source: str, position: int) -> None:
    subject = Largest(todo, source, position)
    assert judge(todo, subject).passed
    assert 1000 < subject.seen <= 2048


@pytest.mark.parametrize("extra", ["clip=False", "0, 0"])
def test_a_helper_that_takes_no_such_call_is_named_in_plain_words(extra: str) -> None:
    source = P_SAMPLE_LOOP.split("        beta")[0] + (
        f"        x = p_sample(network, schedule, x, torch.full(shape[:1], i), {extra})\n    return x\n"
    )
    for own in (
        "",
        "def p_sample(network, schedule, x_t, t):\n    return x_t\n",
        "def p_sample(*args, **named):\n    raise NotImplementedError('TODO p_sample')\n",
    ):
        namespace: dict = {}
        exec("import torch\n" + own + source, namespace)
        verdict = judge("p_sample_loop", NamespaceSubject(namespace))
        assert verdict.misconception == "helper_called_otherwise"
        assert "p_sample takes (network, schedule, x_t, t) by its docstring" in verdict.message
        assert "locals" not in verdict.message and "TypeError" not in verdict.message


def test_what_is_judged_with_an_own_helper_says_so() -> None:
    source = """
def p_sample(network, schedule, x_t, t, clip=False):
    return 0.9 * x_t

def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in reversed(range(schedule.num_train_timesteps)):
        x = p_sample(network, schedule, x, torch.full(shape[:1], i), clip=True)
        network(x, torch.full(shape[:1], i))
    return x
"""
    namespace: dict = {}
    exec("import torch\n" + source, namespace)
    verdict = judge("p_sample_loop", NamespaceSubject(namespace))
    assert not verdict.passed and "both were judged together" in verdict.message


@pytest.mark.parametrize(
    ("ask", "remark"),
    [
        ("torch.cat([network(*part) for part in zip(x_t.split(400), t.split(400))])", "portions"),
        ("network(x_t, t[0])", "one t for all"),
        ("network(x_t, t)", None),
    ],
)
def test_a_slow_way_to_ask_is_remarked_and_not_refused(ask: str, remark: str | None) -> None:
    namespace: dict = {}
    exec(
        f"""
import torch
def p_sample(network, schedule, x_t, t):
    beta, left = schedule.betas[t[0]], schedule.alphas_cumprod[t[0]]
    mean = (x_t - beta / (1 - left).sqrt() * {ask}) / (1 - beta).sqrt()
    return mean + (t[0] > 0) * beta.sqrt() * torch.randn_like(x_t)
""",
        namespace,
    )
    verdict = judge("p_sample", NamespaceSubject(namespace))
    assert verdict.passed, verdict.message
    assert remark in verdict.message if remark else ";" not in verdict.message


def test_a_slow_answer_is_told_how_long_it_took_for_how_much() -> None:
    namespace: dict = {}
    exec("def q_sample(*args):\n    while True: pass", namespace)
    arrays = {
        "betas": np.full(3, 0.1),
        "decoy_betas": np.full(3, 0.1),
        "x0": np.zeros((1500, 2)),
        "t": np.zeros(1500, int),
    }

    class Hasty:
        def call(self, probe: str, given: Values, reply: type[R], seconds: float = 10.0) -> R:
            return NamespaceSubject(namespace).call(probe, arrays, reply, seconds=1)

    verdict = judge("q_sample", Hasty())
    found = "It took longer than 1 seconds for 1,500 points."
    assert verdict.misconception == "endless" and found in verdict.message
    assert "loop" not in verdict.message.split(found)[0]
