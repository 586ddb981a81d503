"""What two texts of one program have in common, and what a hostile text does to whoever reads it."""

import subprocess
import sys

import pytest

from labkit.grading.similar.fingerprints import GRAM, MOST_CHARACTERS, WINDOW, fingerprints

ANSWER = '''
import torch
from torch.nn.functional import mse_loss

def loss(network, schedule, x0):
    """The loss."""
    t = torch.randint(0, len(schedule.betas), (len(x0),), device=x0.device)
    noise = torch.randn_like(x0) * 1.0 + 0.5 * torch.ones_like(x0)
    for layer in network.layers:
        x0 = x0 + layer(x0, t)
    return mse_loss(network(schedule.alphas[t].sqrt() * x0, t), noise)
'''


def prints(source):
    found = set(fingerprints(source))
    assert found
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("noise", "epsilon"),
        ("x0", "clean"),
        ('"""The loss."""', '"""What is to be made small."""\n    # It is never negative.'),
        ("1.0", "-1e0"),
        ("0.5", "7"),
        (
            "randn_like(x0) * 1.0 + 0.5 * torch.ones_like(x0)",
            "ones_like(x0) * 0.5 + 1.0 * torch.randn_like(x0)",
        ),
        ("(network, schedule, x0)", '(network: "Net", schedule: object, x0: torch.Tensor) -> torch.Tensor'),
        ("    t = ", "    t: torch.Tensor = "),
        ("import mse_loss", "import mse_loss as compare"),
        ("import torch\n", "import torch, math\n"),
        ("import torch\nfrom torch.nn.functional import mse_loss\n", "import torch.nn.functional as F\n"),
        ("device=x0.device)", "\n        device=(x0.device),\n    )"),
        ("import torch\n", "import torch\n%matplotlib inline\n"),
        ("\nimport torch\n", "%%time\nimport torch\n"),
    ],
)
def test_what_does_not_matter_changes_nothing(before, after):
    other = ANSWER.replace(before, after)
    other = other.replace("return mse_loss", "return compare") if "as compare" in after else other
    other = other.replace("return mse_loss", "return F.mse_loss") if "as F" in after else other
    assert other != ANSWER
    assert prints(other) == prints(ANSWER)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("randn_like", "rand_like"),
        ("schedule.alphas", "schedule.betas"),
        ("x0 = x0 + layer", "x0 = x0 - layer"),
        ("mse_loss", "l1_loss"),
    ],
)
def test_what_an_answer_calls_and_does_matters(before, after):
    assert prints(ANSWER.replace(before, after)) != prints(ANSWER)


def test_the_order_of_statements_does_not_matter():
    lines = ANSWER.splitlines()
    first, second = (place for place, line in enumerate(lines) if " t = " in line or " noise = " in line)
    lines[first], lines[second] = lines[second], lines[first]
    assert prints("\n".join(lines)) == prints(ANSWER)


def test_a_common_run_is_never_missed():
    run = " + ".join(f"part_{number}(x)" for number in range(GRAM + WINDOW))
    for other in ("f(g(h(1)))", "x[2]", "len(x) ** x"):
        assert prints(f"y = ({run}) / {other}") & prints(f"z = {other} - ({run})")


def test_attributes_that_an_answer_made_up_are_names_of_its_own():
    net = "class N:\n  def __init__(self):\n    self.inner = make(one(two(three(four(five(six(7)))))))\n"
    net += "  def run(self, x):\n    return last(self.inner(x), self.inner(x) / 2, self.inner(x) ** 3)"
    assert prints(net) == prints(net.replace("inner", "mine").replace("run", "walk"))


def test_lines_are_those_of_the_text():
    found = fingerprints("x = 1\n\n\ny = f(g(h(a(b(c(d(e(2))))))))\n")
    assert set().union(*found.values()) == {4}


def test_every_process_finds_the_same():
    imports = "from labkit.grading.similar.fingerprints import fingerprints"
    code = f"{imports}; print(sorted(fingerprints({ANSWER!r})))"
    run = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True) for _ in range(2)]
    assert run[0].stdout == run[1].stdout == f"{sorted(fingerprints(ANSWER))}\n"


@pytest.mark.parametrize(
    "source",
    [
        "",
        "def f(:",
        "x = '\0'",
        "x = '\ud800'",
        "(" * 9000,
        "x = " + "-" * 19_000 + "1",
        "x = " + " + ".join(["1"] * 4000),
        "x" + ".a" * 9000,
        "f(" * 4000 + ")" * 4000,
        "x = " + "9" * 19_000,
        "\n".join(" " * depth + "if 1:" for depth in range(150)),
        "x = 1\n" * MOST_CHARACTERS,
    ],
    ids=lambda source: repr(source[:12]),
)
def test_a_hostile_text_has_none(source):
    assert fingerprints(source) == {}
