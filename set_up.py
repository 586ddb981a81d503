"""Makes .venv, with all that the course needs: `make` calls this, with whatever Python there is.

What goes wrong is a sentence, and the next call goes on from there. Nothing here is from outside the standard
library, and nothing newer than Python 3.6: it has to run where nothing is installed yet.
"""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
HALF_DONE = VENV / ".installing"
"""There while packages, or pip, are unpacked: where that broke off, nobody knows which of them are whole."""
LOCK = ROOT / ".venv.lock"
"""Held by the call that sets up; not in .venv, which may have to go"""

OLDEST = (3, 11)
NEEDS_GB = {"": (7.0, 3.5), "cpu": (2.0, 0.5)}
"""What .venv takes, and what is fetched for it, with torch as it comes and with the build without CUDA"""
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
"""Where PyTorch publishes its builds without CUDA: pytorch.org/get-started"""

UNREACHABLE = (
    "Failed to establish a new connection|Temporary failure in name resolution|NameResolutionError|"
    "ConnectTimeoutError|Network is unreachable|Max retries exceeded|ReadTimeoutError|ProxyError"
)
DISK_FULL = r"(?:No space left on device|Disk quota exceeded|Errno (?:28|122)\b)"


class SetUpError(Exception):
    """What is wrong, and what to do, for a person."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--torch", default="", choices=["", "cpu"], help="cpu: the build without CUDA")
    arguments = parser.parse_args()
    if Path(sys.prefix).resolve() == VENV.resolve():  # it comes first in make's PATH, and may have to go
        base = Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
        os.execv(str(base), [str(base), *sys.argv])
    try:
        demand_python()
        with alone():
            make_venv()
            demand_disk(arguments.torch)  # after a broken .venv made room
            install(arguments.torch)
    except SetUpError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit("\nStopped. The next `make` goes on.")
    except OSError as error:
        if re.search(DISK_FULL, str(error)):
            sys.exit("\n" + disk_is_full(str(error)))
        sys.exit(f"\nThe system says: {error}. Check the permissions there, then run `make` again.")


def demand_python():
    if sys.version_info < OLDEST:
        raise SetUpError(
            f"DDPM Lab needs Python {OLDEST[0]}.{OLDEST[1]} or newer, and {sys.executable} is "
            f"{sys.version_info[0]}.{sys.version_info[1]}. "
            "Install one, or name it, as in: make PYTHON=python3.12 demo"
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise SetUpError(
            f"{sys.executable} cannot make virtual environments. "
            "On Debian and Ubuntu: apt-get install python3-venv"
        ) from None


@contextlib.contextmanager
def alone():
    """Keep other calls out: to them, what this one has unpacked so far looks broken off."""
    with LOCK.open("w") as file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            raise SetUpError(
                f"Another `make` is setting up .venv in {ROOT}. Wait until it is done, then run `make` again."
            ) from None
        except (ImportError, OSError):
            pass  # a system, or a file system, without locks
        yield


def demand_disk(torch):
    """pip keeps what it fetches twice, in its temporary folder and its cache, until all is unpacked."""
    if (VENV / ".ready").exists():
        return
    size, fetched = NEEDS_GB[torch]
    temporary, home = tempfile.gettempdir(), os.path.expanduser("~")
    lie_together = os.stat(str(VENV)).st_dev == os.stat(temporary).st_dev
    needs = {str(VENV): size + fetched} if lie_together else {str(VENV): size, temporary: fetched}
    for place, gigabytes in needs.items():
        # A cache on a disk of its own stops nobody: pip goes on without it.
        if os.path.exists(home) and os.stat(home).st_dev == os.stat(place).st_dev:
            gigabytes += fetched
        free = shutil.disk_usage(place).free / 1e9
        if free < gigabytes:
            smaller = "" if torch else " Without an NVIDIA card, `make TORCH=cpu` takes a quarter of it."
            raise SetUpError(
                f"Setting up .venv takes up to {gigabytes:.0f} GB where {place} lies, and {free:.1f} GB are "
                f"free. Make room, then run `make` again.{smaller}"
            )


def make_venv():
    """A .venv of this Python; one that is broken, half made or another Python's is made anew."""
    if VENV.exists():
        why = what_is_wrong()
        if why is None:
            return
        say(f"{why}; it is made anew.")
    # It may be a link, to a disk with more room, of which `venv` takes only the target.
    target = VENV.resolve()
    target.mkdir(parents=True, exist_ok=True)
    empty_venv()
    done = subprocess.run(
        [sys.executable, "-m", "venv", str(target)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip()
        if re.search(DISK_FULL, said):
            raise SetUpError(disk_is_full(said))
        raise SetUpError(f"{sys.executable} could not make {VENV}: {said[-500:]}")
    HALF_DONE.unlink()


def empty_venv():
    """Leave only the mark, so that a removal that is broken off is known as well."""
    HALF_DONE.touch()
    for path in VENV.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(str(path))
        elif path != HALF_DONE:
            path.unlink()


def what_is_wrong():
    """Why .venv cannot be used, or None."""
    if HALF_DONE.exists():
        return f"The last set-up was broken off while it unpacked into {VENV}"
    try:
        done = subprocess.run(
            [str(PYTHON), "-c", "import pip, sys; print(*sys.version_info[:2])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return f"{PYTHON} does not run"
    if done.returncode:
        return f"{VENV} is half made"
    theirs, ours = done.stdout.decode().split(), [str(number) for number in sys.version_info[:2]]
    if theirs != ours:
        return f"{VENV} is Python {'.'.join(theirs)}, and you ask for {'.'.join(ours)}"
    return None


def install(torch):
    has_card = shutil.which("nvidia-smi") is not None
    say(
        "Setting up .venv with PyTorch, JupyterLab, nbgrader and what they need: "
        f"{NEEDS_GB[torch][0]:.0f} GB, once."
    )
    if not torch and not has_card:
        say(f"(There is no NVIDIA card here: `make TORCH=cpu` installs {NEEDS_GB['cpu'][0]:.0f} GB instead.)")
    progress = Progress()
    try:
        if torch == "cpu" and sys.platform == "linux":  # elsewhere no build has CUDA
            # By themselves, and by the name of the build: with a second index, pip takes the large build
            # without a word where that index cannot be reached, and asks it for all the other packages.
            pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
            build = re.search(r"^torch==[^\s;]+", pins, re.MULTILINE).group() + "+cpu"
            # A torchvision that is there already may be the one for CUDA.
            words = ["--no-deps", "--upgrade", "--index-url", CPU_INDEX, build, "torchvision"]
            pip_install(words, progress, CPU_INDEX)
        pip_install(["--editable", ".[docs,grading,test]"], progress, "The package index")
    finally:
        progress.close()
    say(f"Set up in {minutes(time.time() - progress.began)}.")


def pip_install(what, progress, index):
    words = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    words += ["--progress-bar", "off", "--retries", "2", "--constraint", "constraints.txt", *what]
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")
    }
    environment["PIP_QUIET"] = "0"  # outweighs pip.conf: what pip says tells when it unpacks
    process = subprocess.Popen(
        words, cwd=str(ROOT), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    progress.begin()
    said = []
    try:
        for line in process.stdout:
            said.append(line.decode(errors="replace").rstrip())
            progress.read(said[-1])
    finally:
        if process.poll() is None and sys.exc_info()[0] is not None:
            process.kill()
        process.wait()
    if process.returncode:
        raise SetUpError(reason(said, index))
    if HALF_DONE.exists():
        HALF_DONE.unlink()


def reason(said, index):
    """Why pip failed, in a sentence."""
    text = "\n".join(said)
    if re.search(DISK_FULL, text):
        return disk_is_full(text)
    # Of the warnings before its error, the network's count only where that error is that nothing was found.
    error = re.search(r"^\s*ERROR: .*", text, re.MULTILINE | re.DOTALL)
    # Nobody else has a build without CUDA, so that a second index in pip's settings only hides the cause.
    found_nothing = index == CPU_INDEX or error is None or "from versions: none" in error.group()
    if re.search(UNREACHABLE, text if found_nothing else error.group()):
        return (
            f"{index} could not be reached. Check the network (and pip's settings, where there is a "
            "proxy or a mirror), then run `make` again: it goes on from here."
        )
    errors = [line for line in said if line.startswith("ERROR: ")]
    return "pip could not install the course:\n  {}\nWhen it is mended, run `make` again.".format(
        "\n  ".join(errors[-3:] or said[-3:])
    )


def disk_is_full(said):
    """Where to make room, by the file that could not be written; not every error names it."""
    named = re.search(DISK_FULL + r"[^\n]*?: ['\"]([^'\"\n]+)", said)
    if named is None:
        where = f"{ROOT} or {tempfile.gettempdir()} lies, whichever is full"
    else:
        path = Path(named.group(1))
        while not path.exists():  # pip has cleared it away
            path = path.parent
        where = f"{path} lies"
    return f"The disk is full: make room where {where}, then run `make` again."


class Progress:
    """How far pip is: a line that moves in a terminal, one now and then elsewhere."""

    def __init__(self):
        self.began = time.time()
        self._collected, self._total = 0, 0
        self._moves = sys.stderr.isatty()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def begin(self):
        """Another call of pip."""
        self._total = 0

    def read(self, line):
        """Take note of a line of pip's."""
        if line.startswith("Collecting ") or "Requirement already satisfied" in line:
            self._collected += 1
        elif line.startswith("Installing collected packages:"):
            self._total = line.count(",") + 1
            HALF_DONE.touch()

    def close(self):
        self._ended.set()
        self._thread.join()
        if self._moves:
            sys.stderr.write("\r\033[K")

    def _run(self):
        pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").count("==")
        while not self._ended.wait(0.5 if self._moves else 20.0):
            if self._total:
                done = max(0, self._unpacked() - 1)  # the last of them is still under way
                share = 0.5 + 0.5 * min(1.0, done / self._total)
                what = f"unpacking, {done} of {self._total} packages"
            else:
                share = 0.5 * min(1.0, self._collected / pinned)
                what = f"fetching, {self._collected} of about {pinned} packages"
            took = time.time() - self.began
            # PyTorch comes last, and has a quarter of all files.
            left = f", about {minutes(took / share * 1.2 - took)} left" if share > 0.05 else ""
            text = f"{what}; {minutes(took)} so far{left}"
            sys.stderr.write("\r\033[K" + text if self._moves else text + "\n")
            sys.stderr.flush()

    def _unpacked(self):
        """Packages that came after the unpacking began."""
        began = HALF_DONE.stat().st_mtime if HALF_DONE.exists() else 0
        records = VENV.glob("lib*/python*/site-packages/*.dist-info/RECORD")
        return min(self._total, sum(path.stat().st_mtime >= began for path in records))


def minutes(seconds):
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def say(text):
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
