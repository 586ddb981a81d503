"""What the judges talk to when the student's code is on the other side of a socket."""

import time

import numpy as np

from labkit.checks.reply import R, ReplyError, Values, as_reply
from labkit.checks.subject import AnswerError, took_too_long
from labkit.grading.isolation.session import Damage, Fault, Session


class SandboxSubject:
    """Answers that live in a sandbox; a `Subject` as the judges of `labkit.checks` know it.

    All calls together may take `seconds`, so that an answer which is slow in each cannot hold up a class.
    """

    def __init__(self, session: Session, seconds: float):
        self._session, self._until = session, time.monotonic() + seconds
        self.folder = session.submission

    def call(self, probe: str, values: Values, reply: type[R], seconds: float = 10.0) -> R:
        """See `Subject.call`. Nothing that comes back is believed to be what was asked for."""
        left = min(seconds, self._until - time.monotonic())
        if left <= 0:
            raise AnswerError("endless", "Its calls together took too long.")
        try:
            seen = as_reply(reply, self._session.call(probe, values, left))
        except Fault as fault:
            raise AnswerError(fault.kind, str(fault)) from None
        except Damage as damage:
            words = took_too_long(left, values) if damage.kind == "endless" else str(damage)
            raise AnswerError(damage.kind, words) from None
        except ReplyError as error:
            text = f"What came back from the answer cannot be judged: {error}."
            raise AnswerError("unreadable", text) from None
        for name, value in vars(seen).items():
            if isinstance(value, np.ndarray) and not np.isfinite(value).all():
                raise AnswerError("not_finite", f"There are NaN or infinite numbers in `{name}`.")
        return seen
