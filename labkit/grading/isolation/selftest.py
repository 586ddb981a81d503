"""Attacks the sandbox of this machine, to see whether it holds: `labkit doctor --grading`."""

import os
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

from labkit.grading.course_folder import CONFIG
from labkit.grading.isolation import calls, control_group, keyring
from labkit.grading.isolation.contents import MEMORY
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
    "imports a network that knows the answers": "import labkit.networks.perfect",
    "imports a distance that knows the answers": "import labkit.metrics.frechet",
    "imports a package with that distance": "import pytorch_fid.fid_score",
    "imports the grader's own packages": "import nbgrader",
    "asks for a keyring": "assert ctypes.CDLL(None).syscall({keyctl}, 0, -3, 0) != -1",
    "makes a user name space": "assert ctypes.CDLL(None).unshare(0x10000000) == 0",
    "reads the course": "open({course!r}).read()",
}


@dataclass(frozen=True)
class Attempt:
    """An attack, what it said, and whether the sandbox held."""

    what: str
    held: bool
    said: str


def layers() -> dict[str, str]:
    """What keeps a submission in on this machine, beside the kind of sandbox: layer → what it gives."""
    group = f"{control_group.GROUP_MEMORY / 2**30:g} GiB and {control_group.TASKS} tasks, by systemd"
    return {
        "filter": f"{calls.number()} system calls and no other"
        if calls.number()
        else "none: libseccomp is missing (apt-get install libseccomp2)",
        "keyring": "a fresh one for each sandbox" if keyring.KEYCTL else "this processor's is not known",
        "memory": f"{MEMORY / 2**30:g} GiB a sandbox, watched from outside",
        "control group": group
        if control_group.is_given()
        else "none: there is no systemd here that bounds memory for this user",
        "workers": "processes that listen to nothing; a cluster only over TLS, with the course's own keys",
    }


def attack_sandbox(course: Path | None = None) -> list[Attempt]:
    """Play every attack in a sandbox of its own kind, on a submission in the folder of this course, if any.

    Raises IsolationError where there is no sandbox, OSError where nothing can be written into the folder.
    """
    with (
        tempfile.TemporaryDirectory(prefix=".doctor-", dir=course) as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        secret, submission = Path(folder) / "secret", Path(folder) / "student" / "assignment"
        secret.write_text("mine")
        submission.mkdir(parents=True)
        for path in (Path(folder), submission.parent, submission):
            path.chmod(0o755)
        os.environ["LABKIT_SELFTEST"] = "mine"
        values = {"secret": str(secret), "pid": os.getpid(), "port": server.getsockname()[1]}
        values |= {"keyctl": keyring.KEYCTL, "course": str(course / CONFIG if course else secret)}
        sandbox = Sandbox(submission)
        try:
            session = Session(sandbox)
            session.run_cell("import ctypes, os, resource, socket", 10)
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
