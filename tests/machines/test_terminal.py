"""In a terminal of JupyterLab the course's commands are found, however the server was started."""

import asyncio
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).parents[2]
COMMANDS = Path(sys.executable).parent
SECONDS = 60

pytestmark = pytest.mark.skipif(os.name != "posix", reason="make, and sh")


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """etc/jupyter of an environment, as `make` fills it."""
    course = tmp_path / "course"
    shutil.copytree(ROOT / "jupyterlab", course / "jupyterlab")
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, course)
    (course / ".venv").mkdir()
    subprocess.run(["make", "PYTHON=true", ".venv/.ready"], cwd=course, check=True)  # set_up.py has a test
    return course / ".venv/etc/jupyter"


@pytest.mark.parametrize("has_terminal", [False, True], ids=["started by a program", "from a terminal"])
def test_labkit_is_found_though_no_environment_is_activated(
    has_terminal: bool, settings: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "SHELL": "/bin/bash",
        "PYTHONPATH": str(ROOT),
        "JUPYTER_CONFIG_PATH": str(settings),
        "JUPYTER_TOKEN": secrets.token_hex(16),
    }
    command = [str(COMMANDS / "jupyter"), "lab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"]
    log = tmp_path / "log"
    ours, theirs = os.openpty() if has_terminal else (None, None)
    with log.open("w") as said:
        server = subprocess.Popen(command, cwd=home, env=environment, stdout=theirs or said, stderr=said)
    try:
        address, token = _address(home, server), environment["JUPYTER_TOKEN"]
        found = asyncio.run(_ask(address, token, "command -v labkit"))
    finally:
        server.terminate()
        server.wait()
        for end in (ours, theirs):
            if end is not None:
                os.close(end)
    assert str(COMMANDS / "labkit") in found


def _address(home: Path, server: subprocess.Popen) -> str:
    """Where the server listens, once it does."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        for file in home.rglob("jpserver-*.json"):
            return json.loads(file.read_text())["url"].rstrip("/").replace("localhost", "127.0.0.1")
        time.sleep(0.1)
    raise AssertionError("JupyterLab did not start")


async def _ask(address: str, token: str, command: str) -> str:
    """What a new terminal shows of a command."""
    header = {"Authorization": f"token {token}"}
    post = Request(f"{address}/api/terminals", data=b"{}", headers=header)
    with urlopen(post, timeout=SECONDS) as reply:
        name = json.load(reply)["name"]
    socket = await websocket_connect(
        f"{address.replace('http', 'ws')}/terminals/websocket/{name}?token={token}"
    )
    end = "=".join(("the", "end"))
    await socket.write_message(json.dumps(["stdin", f"{command}; printf 'the%send' =\r"]))
    shown = ""
    while end not in shown:
        kind, *words = json.loads(await asyncio.wait_for(socket.read_message(), SECONDS))
        shown += "".join(map(str, words)) if kind == "stdout" else ""
    return shown
