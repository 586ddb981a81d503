"""Runs a student's code where it can do no harm, and judges it from outside.

`Sandbox` is the place, `Session` a notebook in it, `SandboxSubject` what the judges talk to.
docs/security.md says what is trusted and what is not.
"""

from labkit.grading.isolation.choice import UNSAFE, IsolationError, find_isolation, program_of
from labkit.grading.isolation.sandbox import Sandbox, try_isolation
from labkit.grading.isolation.session import Damage, Session
from labkit.grading.isolation.subject import SandboxSubject

__all__ = [
    "UNSAFE",
    "Damage",
    "IsolationError",
    "Sandbox",
    "SandboxSubject",
    "Session",
    "find_isolation",
    "program_of",
    "try_isolation",
]
