"""JupyterLab as `make lab` starts it, for one test: with a home, a port and a token of its own."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import psutil

START_SECONDS, STOP_SECONDS = 60, 15


@dataclass(frozen=True)
class Jupyter:
    """A running server: where it is, and the folder at its root."""

    address: str
    token: str
    root: Path

    def url(self, path: str) -> str:
        """The address of a page, such as lab/tree/a.ipynb, with what opens it."""
        return f"{self.address}/{path}?token={self.token}"

    def has_idle_kernel(self, path: str) -> bool:
        """Whether the notebook `path` has a kernel to which its page is connected, with nothing to do."""
        with urlopen(self.url("api/sessions"), timeout=30) as sessions:
            kernels = [one["kernel"] for one in json.load(sessions) if one["path"] == path]
        return any(kernel["execution_state"] == "idle" and kernel["connections"] for kernel in kernels)


@contextmanager
def serve(folder: Path, shown: str, home: Path) -> Iterator[Jupyter]:
    """`jupyter lab SHOWN` in `folder`, a folder or a notebook; when the block is left, all of it has ended.

    Raises RuntimeError with the end of the log where it does not start.
    """
    token = secrets.token_hex(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "lab", shown, "--no-browser", "--allow-root"]
    command += [f"--ServerApp.{name}" for name in (f"port={port}", "port_retries=0", "ip=127.0.0.1")]
    log = home / "jupyter.log"
    with log.open("w", encoding="utf-8") as said:
        server = psutil.Popen(
            command,
            cwd=folder,
            env={**at_home(home), "JUPYTER_TOKEN": token},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    root = (folder / shown).resolve()
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(server, f"{address}/api/status?token={token}", log)
        yield Jupyter(address, token, root if root.is_dir() else root.parent)
    finally:
        _end(server)


def at_home(home: Path) -> Mapping[str, str]:
    """The environment of somebody who has never used this machine before."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "JPY_"))}
    return {**ours, "HOME": str(home), "OMP_NUM_THREADS": "1"}


def _wait_for(server: psutil.Popen, url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start. Its log ends with:\n{log.read_text()[-3000:]}")


def _end(server: psutil.Popen) -> None:
    """Kernels live in sessions of their own: they are ended one by one where the server leaves them."""
    if server.poll() is not None:
        return
    everyone = [server, *server.children(recursive=True)]
    server.terminate()
    _, left = psutil.wait_procs(everyone, timeout=STOP_SECONDS)
    for process in left:
        process.kill()
    psutil.wait_procs(left)
