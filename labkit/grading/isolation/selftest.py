"""Attacks the sandbox of this machine, to see whether it holds: `labkit doctor --grading`."""

import os
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

from labkit.grading.isolation.sandbox import Sandbox
from labkit.grading.isolation.session import Session

_ATTACKS = {
    "reads a file of yours": "open({secret!r}).read()",
    "writes a file of yours": "open({secret!r}, 'w').write('gone')",
    "writes into the submission": "open('/sandbox/submission/gone', 'w')",
    "changes Python for everybody": "open(os.__file__, 'a')",
    "sees your processes": "os.kill({pid}, 0)",
    "reads your environment": "os.environ['LABKIT_SELFTEST']",
    "reaches the network": "socket.create_connection(('127.0.0.1', {port}), timeout=2)",
    "becomes root": "os.setuid(0)",
    "raises its limits": "resource.setrlimit(resource.RLIMIT_DATA, (2**40, 2**40))",
    "imports the judges": "import labkit.checks.judges",
}


@dataclass(frozen=True)
class Attempt:
    """An attack, what it said, and whether the sandbox held."""

    what: str
    held: bool
    said: str


def attack_sandbox() -> list[Attempt]:
    """Play every attack in a sandbox of its own kind; raises IsolationError where there is none."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        secret, submission = Path(folder) / "secret", Path(folder) / "submission"
        secret.write_text("mine")
        submission.mkdir()
        os.environ["LABKIT_SELFTEST"] = "mine"
        values = {"secret": str(secret), "pid": os.getpid(), "port": server.getsockname()[1]}
        sandbox = Sandbox(submission)
        try:
            session = Session(sandbox)
            session.run_cell("import os, resource, socket", 10)
            attempts = []
            for what, source in _ATTACKS.items():
                outputs = session.run_cell(source.format(**values), 10)
                errors = [output for output in outputs if output.output_type == "error"]
                said = f"{errors[0].ename}: {errors[0].evalue}" if errors else "nothing stopped it"
                attempts.append(Attempt(what, bool(errors), said))
            held = secret.read_text() == "mine"
            return [*attempts, Attempt("leaves a trace outside", held, "none" if held else "a file changed")]
        finally:
            sandbox.close()
            del os.environ["LABKIT_SELFTEST"]
