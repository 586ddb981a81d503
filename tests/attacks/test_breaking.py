"""Attacks, and accidents, that want to take others down with them: each costs its own TODO alone."""

import psutil
import pytest
from arena import Arena

ANSWER = "def q_sample(schedule, x0, t, noise=None):\n    "

IN_THE_CELL = {
    "endless": "while True: pass",
    "endless_and_deaf": """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True: pass
""",
    "endless_and_catching": """
while True:
    try:
        while True: pass
    except BaseException: pass
""",
    "endless_in_c": "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')",
    "sleeps": "import time\ntime.sleep(10_000)",
    "exits": "import os\nos._exit(0)",
    "exits_politely": "raise SystemExit(0)",
    "crashes": "import ctypes\nctypes.string_at(0)",
    "kills_itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "stops_itself": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "kills_its_parent": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
    "stops_its_parent": "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nwhile True: pass",
    "kills_everything": "import os, signal\nos.kill(-1, signal.SIGKILL)",
    "recursion": "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
    "prints_for_ever": "while True: print('spam' * 1000)",
    "prints_one_long_line": "import sys\nwhile True: sys.stdout.write('x' * 10**6)",
    "prints_a_gigabyte_at_once": "print('x' * 10**9)",
    "shows_for_ever": "from IPython.display import HTML, display\nwhile True: display(HTML('x' * 10**5))",
    "shows_nothing_for_ever": """
from IPython.display import display
while True: display({"text/plain": ""}, raw=True)
""",
    "clears_for_ever": "from IPython.display import clear_output\nwhile True: clear_output()",
    "huge_repr": "class R:\n    def __repr__(self): return 'r' * 10**9\nR()",
    "exception_without_words": """
class E(Exception):
    def __str__(self): raise RuntimeError
raise E
""",
    "exception_of_a_gigabyte": "raise ValueError('x' * 10**9)",
    "endless_exception_text": """
class E(Exception):
    def __str__(self):
        while True: pass
raise E
""",
    "memory": "hog = []\nwhile True: hog.append(bytearray(b'x' * 10**8))",
    "memory_in_tensors": "hog = []\nwhile True: hog.append(torch.ones(10**8))",
    "memory_of_many": """
import os
for _ in range(40):
    if os.fork() == 0:
        hog = [bytearray(b'x' * 10**8) for _ in range(20)]
        while True: pass
while True: pass
""",
    "memory_that_is_shared": """
import mmap
hog = []
while True:
    hog.append(torch.frombuffer(mmap.mmap(-1, 2**29), dtype=torch.uint8).fill_(1))
""",
    "half_a_surrogate": "print('\\ud83d')\nraise ValueError('\\ud83d')",
    "half_a_surrogate_shown": """
from IPython.display import HTML, display
display(HTML('\\udc00'))
{'\\ud800': 1}[0]
""",
    "fork_bomb": "import os\nwhile True: os.fork()",
    "children_that_stay": """
import subprocess
for _ in range(100): subprocess.Popen(["sleep", "1000"], start_new_session=True)
""",
    "threads": """
import threading
while True: threading.Thread(target=threading.Event().wait, daemon=True).start()
""",
    "full_disk": """
for n in range(10_000):
    for folder in ("/tmp", "/sandbox/work", "/dev/shm", "."):
        with open(f"{folder}/{n}", "wb") as f: f.write(b"x" * 10**7)
""",
    "many_files": "for n in range(10**7): open(f'/tmp/many{n}', 'w').close()",
    "all_descriptors": "kept = [open('/dev/null') for _ in range(10**6)]",
    "closes_all_descriptors": "import os\nos.closerange(0, 4096)",
    "syntax_error": "def q_sample(:",
    "null_bytes": "x = '\x00'",
    "waits_for_input": "input('your name? ')",
    "bad_import": "import a_module_that_nobody_has",
}
IN_THE_ANSWER = {
    "loops_when_asked": f"{ANSWER}while True: pass",
    "sleeps_when_asked": f"{ANSWER}import time; time.sleep(10_000)",
    "dies_when_asked": f"{ANSWER}import os; os._exit(1)",
    "prints_when_asked": f"{ANSWER}\n    while True: print('spam' * 1000)",
    "slow_in_every_call": f"{ANSWER}import time; time.sleep(3); return x0",
    "eats_when_asked": f"{ANSWER}return [bytearray(b'x' * 10**8) for _ in range(10_000)]",
    "raises_without_words": f"""
class E(BaseException):
    def __str__(self): raise RuntimeError
{ANSWER}raise E
""",
    "interrupts": f"{ANSWER}raise KeyboardInterrupt",
    "raises_half_a_surrogate": f"{ANSWER}raise ValueError('\\ud83d')",
}
ATTACKS = IN_THE_CELL | IN_THE_ANSWER


@pytest.mark.parametrize("name", ATTACKS)
def test_it_costs_its_own_todo_alone(arena: Arena, name: str) -> None:
    outcome = arena.play(ATTACKS[name])
    assert (outcome.points, outcome.others) == (0, 3), outcome.text[:3000]
    outcome.text.encode()  # whatever it says can be written into the notebook


RIGHT = """
def q_sample(schedule, x0, t, noise=None):
    noise = torch.randn_like(x0) if noise is None else noise
    alpha_bar = extract(schedule.alphas_cumprod, t, x0)
    return alpha_bar.sqrt() * x0 + (1 - alpha_bar).sqrt() * noise
"""

STAYS = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    me, end = os.getpid(), time.time() + 30
    while time.time() < end:
        for number in os.listdir("/proc"):
            if number.isdigit() and int(number) not in (1, 2, me):
                try: os.kill(int(number), SIGNAL)
                except OSError: pass
        time.sleep(0.05)
time.sleep(1)
"""

LEAVES = {
    "a_full_folder": "for n in range(3): open(f'kept{n}', 'wb').write(bytes(180_000_000))",
    "one_that_kills_whoever_comes": STAYS.replace("SIGNAL", "9"),
    "one_that_stops_whoever_comes": STAYS.replace("SIGNAL", "19"),
}


@pytest.mark.parametrize("name", LEAVES)
def test_what_a_notebook_leaves_costs_the_next_one_nothing(arena: Arena, name: str) -> None:
    """A process that leaves its group does not end with it, and files stay where they are."""
    assert arena.play(LEAVES[name]).others == 3
    after = arena.play(RIGHT)
    assert (after.points, after.others) == (4, 3), after.text[:3000]


def test_the_grader_stays_small(arena: Arena) -> None:
    before = psutil.Process().memory_info().rss
    for name in ("prints_for_ever", "prints_a_gigabyte_at_once", "shows_for_ever", "shows_nothing_for_ever"):
        arena.play(IN_THE_CELL[name])
    assert psutil.Process().memory_info().rss - before < 300 * 2**20


def test_nothing_is_left_running(arena: Arena) -> None:
    arena.play(IN_THE_CELL["children_that_stay"])
    inside = arena.sandbox.processes()
    arena.sandbox.restart()
    _, alive = psutil.wait_procs(inside, timeout=10)
    assert not alive


def test_what_an_earlier_lesson_breaks_costs_nothing_here(arena: Arena) -> None:
    """The cell that brings earlier answers runs a student's code, and binds a name that is read here."""
    earlier = """
def answer(todo):
    torch.cos = torch.linspace = torch.arange = torch.cumprod = torch.clamp = None
    torch.Tensor.cos = torch.Tensor.clamp = None
torch = __import__("torch")
q_sample = answer("q_sample")
"""
    assert arena.play_after(earlier) == 3
