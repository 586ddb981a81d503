"""Attacks that want points for an answer which is none. `zeros` is a wrong answer to dress up."""

import pytest
from arena import Arena

ZEROS = "\ndef q_sample(schedule, x0, t, noise=None):\n    return torch.zeros_like(x0)\n"

FORGERIES = {
    "always_equal": """
class Yes:
    def __eq__(self, other): return True
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __float__(self): return 4.0
    def __bool__(self): return True
    def __len__(self): return 1
    def __iter__(self): return iter([self])
def q_sample(*a): return Yes()
""",
    "tensor_subclass": """
class Sly(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return True if func.__name__ in ("allclose", "equal", "all") else torch.zeros(3)
    @property
    def shape(self): return torch.Size([4, 2])
    def double(self): return torch.zeros(4, 2).double()
def q_sample(schedule, x0, t, noise=None): return torch.zeros_like(x0).as_subclass(Sly)
""",
    "patched_numpy": """
import numpy as np
np.allclose = np.all = np.array_equal = lambda *a, **k: True
np.abs = lambda x: 0 * x
np.linalg.lstsq = lambda *a, **k: (np.ones(2), 0, 0, 0)
""",
    "patched_torch": "torch.allclose = torch.equal = lambda *a, **k: True\ntorch.Tensor.numpy = lambda s: s",
    "patched_builtins": """
import builtins
builtins.abs = lambda x: 0
builtins.isinstance = lambda *a: True
builtins.max = lambda *a, **k: 0
""",
    "patched_probes": """
import numpy as np
from labkit.checks.registry import PROBES
from labkit.checks.probes.cosine_betas import CosineBetasReply
from labkit.checks.probes.q_sample import QSampleReply
for name in PROBES: PROBES[name] = lambda names, values: QSampleReply(np.zeros_like(values["x0"]))
PROBES["cosine_betas"] = lambda names, values: CosineBetasReply(np.zeros(0), True)
""",
    "patched_subject": """
from labkit.checks.probes.q_sample import QSampleReply
from labkit.checks.subject import NamespaceSubject
import numpy as np
NamespaceSubject.call = lambda self, probe, values, *more: QSampleReply(np.array(values.get("x0", 0)))
""",
    "patched_serializer": """
import labkit.inside.shell as shell
shell.pack = lambda seen: ({}, b"\\x02\\x00\\x00\\x00\\x00\\x00\\x00\\x00{}")
""",
    "lies_about_reply": """
import labkit.inside.shell as shell
shell._probe = lambda s, channel, header, body: channel.send(
    {"kind": "reply", "number": header["number"], "passed": True, "score": 1, "points": 4,
     "values": {"own_helper": False, "changed": ""}}, body)
""",
    "replies_before_asked": """
import labkit.inside.shell as shell, numpy as np
plain, body = shell.pack({"x_t": np.zeros((4, 2)), "own_helper": False, "changed": ""})
for n in range(1, 200):
    shell.OUTPUTS.channel.send({"kind": "reply", "number": n, "values": plain}, body)
""",
    "replies_from_a_thread": """
import labkit.inside.shell as shell, numpy as np, threading
plain, body = shell.pack({"x_t": np.zeros((4, 2)), "own_helper": False, "changed": ""})
def shout():
    n = 0
    while True:
        n = (n + 1) % 50
        shell.OUTPUTS.channel.send({"kind": "reply", "number": n, "values": plain}, body)
threading.Thread(target=shout, daemon=True).start()
""",
    "imitates_the_protocol_on_every_descriptor": """
import os
for fd in range(3, 64):
    try: os.write(fd, b"\\x00\\x00\\x00\\x10\\x00\\x00\\x00\\x00" + b'{"kind": "done"}' * 3)
    except OSError: pass
""",
    "garbage_on_every_descriptor": """
import os
for fd in range(3, 64):
    try: os.write(fd, os.urandom(2000))
    except OSError: pass
""",
    "announces_a_huge_message": """
import os
for fd in range(3, 64):
    try: os.write(fd, b"\\xff" * 8 + b"x" * 1000)
    except OSError: pass
""",
    "nested_json": """
import os, struct
text = b"[" * 200_000
for fd in range(3, 64):
    try: os.write(fd, struct.pack(">II", len(text), 0) + text)
    except OSError: pass
""",
    "own_check": "def check(todo, points=1): return 4.0\ncheck('q_sample')",
    "early_displayhook": "import sys\nsys.displayhook(5.0)\nget_ipython().displayhook(5.0)\n5.0",
    "shows_a_verdict": """
from IPython.display import display
display({"application/vnd.labkit.verdict+json": {"todo": "q_sample", "passed": True, "score": 1.0},
         "text/plain": "4.0"}, raw=True)
""",
    "input_transformer": """
get_ipython().input_transformers_cleanup.append(lambda lines: ["5.0"])
get_ipython().run_cell = lambda *a, **k: None
""",
    "cell_hooks": """
get_ipython().events.register("post_run_cell", lambda *a: print(4.0))
get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)
""",
    "looks_who_calls": """
import inspect
def q_sample(schedule, x0, t, noise=None):
    for frame in inspect.stack():
        for value in frame.frame.f_locals.values():
            if type(value).__name__ in ("Tables", "Case"): return value.right
    return torch.zeros_like(x0)
""",
    "searches_the_heap": """
import gc
def q_sample(schedule, x0, t, noise=None):
    for thing in gc.get_objects():
        if getattr(thing, "__name__", "") in ("judge_q_sample", "coefficients_of"): return thing(x0)
    return torch.zeros_like(x0)
""",
    "imports_the_judges": "from labkit.checks.judges import JUDGES\nJUDGES.clear()",
    "registers_a_judge": "from labkit.checks.registry import JUDGES\nJUDGES['q_sample'] = lambda *a: 'right'",
    "imports_the_grader": "import labkit.grading.execution.testcell as t\nt.run_test_cell = lambda *a: []",
    "not_a_number": ZEROS.replace("zeros_like(x0)", "full_like(x0, float('nan'))"),
    "infinite": ZEROS.replace("zeros_like(x0)", "full_like(x0, float('inf'))"),
    "complex": ZEROS.replace("torch.zeros_like(x0)", "torch.zeros_like(x0) + 1j"),
    "meta_tensor": ZEROS.replace("torch.zeros_like(x0)", "torch.empty(x0.shape, device='meta')"),
    "sparse_tensor": ZEROS.replace("torch.zeros_like(x0)", "torch.zeros_like(x0).to_sparse()"),
    "lazy_parameter": ZEROS.replace("torch.zeros_like(x0)", "torch.nn.UninitializedParameter()"),
    "object_array": ZEROS.replace("torch.zeros_like(x0)", "__import__('numpy').array([object()])"),
    "huge_tensor": ZEROS.replace("torch.zeros_like(x0)", "torch.zeros(1).expand(2**40)"),
    "aliases_its_input": ZEROS.replace("torch.zeros_like(x0)", "x0"),
    "aliases_everything": ZEROS.replace("return", "x0.set_(x0[:1]); return"),
    "counts_its_calls": """
calls = []
def q_sample(schedule, x0, t, noise=None):
    calls.append(1)
    return x0 if len(calls) % 2 else (noise if noise is not None else torch.randn_like(x0))
""",
    "seeds_everything": "def q_sample(schedule, x0, t, noise=None):\n    torch.manual_seed(0)\n    return x0",
    "pickle_in_the_reply": """
import pickle, numpy as np, labkit.inside.shell as shell
class Bomb:
    def __reduce__(self): return (exec, ("open('/tmp/pickled', 'w')",))
shell.pack = lambda seen: ({}, pickle.dumps(Bomb()))
""",
    "other_names": """
import labkit.inside.shell as shell, numpy as np
pack = shell.pack
shell.pack = lambda seen: pack({"": np.zeros(3), "x_t.": np.zeros(0)})
""",
    "shapes_that_fill_the_grader": """
import labkit.inside.shell as shell, numpy as np
from labkit.checks.probes.q_sample import QSampleReply
def call(self, probe, values, *more):
    return QSampleReply(np.zeros((len(values["x0"]), 1, 2)))
shell.NamespaceSubject.call = call
""",
    "fork_answers_too": """
import os
def q_sample(schedule, x0, t, noise=None):
    os.fork()
    return torch.zeros_like(x0)
""",
}


REPLIES = {
    "no fields": ("{}", "is missing"),
    "a field too many": ("values | {'passed': True}", "more in it than was asked for"),
    "a number for an array": ("values | {'x_t': 1.0}", "`x_t` should be an array"),
    "an array for a boolean": (
        "values | {'own_helper': np.ones((2, 2, 2))}",
        "`own_helper` should be True or",
    ),
    "a number that fills lines": (
        "values | {'own_helper': 10**4000}",
        "`own_helper` should be True or False",
    ),
    "a book": ("values | {'changed': 'x' * 60_000}", "`changed` should be a text of at most 2,000"),
    "not a number": ("values | {'x_t': values['x_t'] * np.nan}", "NaN or infinite numbers in `x_t`"),
    "too many arrays": ("{str(n): np.zeros(1) for n in range(99)}", "its arrays are too many"),
}
"""What is sent in a reply's place, and the words of the verdict"""


@pytest.mark.parametrize("name", REPLIES)
def test_what_is_no_reply_is_answered_in_a_sentence(arena: Arena, name: str) -> None:
    forged, words = REPLIES[name]
    outcome = arena.play(
        f"{ZEROS}\nimport numpy as np, labkit.inside.shell as shell\n"
        f"pack = shell.pack\nshell.pack = lambda values: pack({forged})"
    )
    assert outcome.points == 0 and words in outcome.text, outcome.text
    assert "Error" not in outcome.text and outcome.others == 3, outcome.text


@pytest.mark.parametrize("name", FORGERIES)
def test_no_points_for_it_and_the_right_answer_keeps_its_own(arena: Arena, name: str) -> None:
    attack = FORGERIES[name]
    outcome = arena.play(attack if "def q_sample" in attack else f"{ZEROS}\n{attack}")
    assert outcome.points == 0, outcome.text
    assert outcome.others == 3, outcome.text


def test_an_honest_answer_gets_its_points_here(arena: Arena) -> None:
    right = """
def q_sample(schedule, x0, t, noise=None):
    noise = torch.randn_like(x0) if noise is None else noise
    alpha_bar = extract(schedule.alphas_cumprod, t, x0)
    return alpha_bar.sqrt() * x0 + (1 - alpha_bar).sqrt() * noise
print("ok")
"""
    outcome = arena.play(right)
    assert (outcome.points, outcome.others) == (4, 3), outcome.text
