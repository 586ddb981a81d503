"""A notebook in the sandbox: runs its cells and its probes, and survives what they do.

What breaks is replaced: a shell that died, or does not come back, gives way to a fresh one in which the cells
that had run are run again, and `Damage` tells what happened.
"""

import json
import time
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from labkit.checks.reply import Values
from labkit.grading.isolation.sandbox import Sandbox
from labkit.inside.channel import Channel, ChannelError, SilenceError
from labkit.inside.packing import pack, unpack

OUTPUT_BYTES = 20 * 2**20
"""Of one cell; beyond, it is stopped."""

NOTEBOOK_BYTES = 60 * 2**20
"""Of all cells of a notebook."""

MESSAGE_BYTES = 1000
"""What an output takes at least, however little it says."""

LINE_BYTES = 10
"""What a line takes in a notebook's file beside its text."""

TRACEBACK = (100_000, 1000)
"""Characters and lines that are kept of one."""

MOST_KINDS = 20
"""of data in an output"""

MOST_SHELLS = 12
"""So often is a notebook's shell replaced."""

_GRACE = 5.0
_BIRTH = 10.0


class Damage(Exception):
    """A cell or a probe took its shell down. `kind` is died, endless, flooded, crowded or lost."""

    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind
        self.outputs: list[NotebookNode] = []


_WORDS = {
    "died": "The Python process ended while this ran.",
    "memory": "The Python process was stopped: it took more memory than there is for a submission.",
    "endless": "It had not come back after {:.0f} seconds: look for a loop without end.",
    "flooded": "It was stopped: it printed more than {:.0f} MB.",
    "crowded": "It left too many processes or threads running.",
    "lost": "It did not run: cells of this notebook had ended the Python process too often.",
}


class Session:
    """The shell of one notebook."""

    def __init__(self, sandbox: Sandbox, until: float = float("inf")):
        self._sandbox, self._until = sandbox, until
        self._shells = 0
        self._done: list[tuple[str, float]] = []
        self._channel: Channel | None = None
        self._number = self._said = 0
        self._asked = 0
        self._fresh_shell()

    @property
    def submission(self) -> Path:
        """The folder that its sandbox shows."""
        return self._sandbox.submission

    def run_cell(self, source: str, seconds: float) -> list[NotebookNode]:
        """Run a cell; returns its outputs.

        Raises Damage where the shell had to be replaced; `outputs` are those before that. A cell that is
        interrupted in time is no damage: its last output is the error.
        """
        outputs: list[NotebookNode] = []
        try:
            ended = self._run(source, seconds, outputs)
            if self._sandbox.is_crowded():
                self._sandbox.restart()
                raise Damage("crowded", _WORDS["crowded"])
        except Damage as damage:
            damage.outputs = outputs
            self._replace()
            raise
        if ended:
            self._done.append((source, seconds))
        return outputs

    def call(self, probe: str, values: Values, seconds: float) -> Values:
        """Run a probe beside the student's names: the fields of its reply, or whatever was sent as such.

        Raises Damage, `Fault` where the probe reports what is wrong with the answer, and ReplyError where
        what came back holds no values.
        """
        self._asked += 1
        plain, arrays = pack(values)
        request = {"kind": "probe", "probe": probe, "number": self._asked, "seconds": seconds}
        try:
            return self._ask(request | {"values": plain}, arrays, seconds + _GRACE)
        except Damage:
            self._replace()
            raise

    def close(self) -> None:
        """End the shell."""
        if self._channel is not None:
            self._channel.close()
            self._sandbox.kill(self._number)
            self._channel = None

    def _run(self, source: str, seconds: float, outputs: list[NotebookNode]) -> bool:
        """Run a cell, and say whether it came to an end by itself."""
        channel = self._living()
        until, size, interrupted = time.monotonic() + seconds, 0, False
        shown: dict[str, list[NotebookNode]] = {}
        try:
            channel.send({"kind": "cell"}, source.encode("utf-8", "replace"), seconds)
            while True:
                try:
                    header, body = channel.receive(until - time.monotonic())
                except SilenceError:
                    if interrupted:
                        raise Damage("endless", _WORDS["endless"].format(seconds)) from None
                    interrupted, until = True, time.monotonic() + _GRACE
                    self._sandbox.interrupt(self._number)
                    continue
                if header.get("kind") == "done":
                    break
                places = len(shown.get(_display_id(header), ())) if header.get("update") is True else 1
                text = len(body) + LINE_BYTES * body.count(b"\n")
                cost = text * max(1, places) + len(json.dumps(header)) + MESSAGE_BYTES
                size, self._said = size + cost, self._said + cost
                if size > OUTPUT_BYTES or self._said > NOTEBOOK_BYTES:
                    most = OUTPUT_BYTES if size > OUTPUT_BYTES else NOTEBOOK_BYTES
                    raise Damage("flooded", _WORDS["flooded"].format(most / 2**20))
                _add(header, body, outputs, shown)
        except SilenceError:  # it does not read: half a message is on its way
            raise Damage("endless", _WORDS["endless"].format(seconds)) from None
        except ChannelError:
            raise self._death() from None
        if interrupted:
            outputs.append(error_output("CellTimeoutError", _WORDS["endless"].format(seconds)))
        return not interrupted

    def _ask(self, request: dict[str, Any], body: bytes, seconds: float) -> Values:
        channel = self._living()
        until = time.monotonic() + seconds
        try:
            channel.send(request, body, seconds)
            while True:
                header, reply = channel.receive(until - time.monotonic())
                if header.get("number") != request["number"]:
                    continue  # what the answer prints, or an answer that nobody asked for
                if header.get("kind") == "reply":
                    return unpack(header.get("values"), reply)
                raise Fault(_plain(str(header.get("name"))[:50]), str(header.get("message"))[:2000])
        except SilenceError:
            raise Damage("endless", _WORDS["endless"].format(seconds)) from None
        except ChannelError:
            raise self._death() from None

    def _living(self) -> Channel:
        if self._channel is None:
            raise Damage("lost", _WORDS["lost"])
        return self._channel

    def _death(self) -> Damage:
        return Damage("died", _WORDS["memory" if self._sandbox.ate_too_much else "died"])

    def _fresh_shell(self) -> None:
        """One that has come to life; in a sandbox begun anew, where earlier shells left it no room."""
        self._sandbox.tidy()
        for _ in range(2):
            self._channel, self._number = self._sandbox.spawn()
            self._shells += 1
            try:
                self._channel.receive(_BIRTH)
                return
            except ChannelError:
                self.close()
                self._sandbox.restart()

    def _replace(self) -> None:
        """A new shell, in which the cells that had run are run again; none where that fails too often."""
        self.close()
        said = self._said
        while self._shells < MOST_SHELLS and time.monotonic() < self._until:
            self._fresh_shell()
            try:
                for source, seconds in self._done:
                    left = self._until - time.monotonic()
                    if left <= 0:
                        self.close()
                        return
                    self._run(source, min(seconds, left), [])
                    self._said = said  # what is said again is shown to nobody
                return
            except Damage:
                self.close()
                self._said = said


def _plain(name: str) -> str:
    """A name that can be printed in a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)


class Fault(Exception):
    """A probe's report on an answer that gave nothing to judge."""

    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


def error_output(name: str, text: str) -> NotebookNode:
    """An error as a cell's output."""
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


def _add(
    header: dict[str, Any], body: bytes, outputs: list[NotebookNode], shown: dict[str, list[NotebookNode]]
) -> None:
    """Append what a message says to a cell's outputs. Whatever it says: these are only shown."""
    kind, text = header.get("kind"), body.decode("utf-8", "replace")
    if kind == "stream":
        name = "stderr" if header.get("name") == "stderr" else "stdout"
        if outputs and outputs[-1].output_type == "stream" and outputs[-1].name == name:
            outputs[-1].text += text
        else:
            outputs.append(new_output("stream", name=name, text=text))
    elif kind == "error":
        name, value = str(header.get("name"))[:200], str(header.get("value"))[:2000]
        most, lines = TRACEBACK
        traceback = text[:most].split("\n")[:lines]
        outputs.append(new_output("error", ename=name, evalue=value, traceback=traceback))
    elif kind in ("display", "result"):
        data, metadata = _bundle(header, body), _metadata(header.get("metadata"))
        display_id = _display_id(header)
        if kind == "display" and header.get("update") is True:
            for output in shown.get(display_id, []):
                output.data, output.metadata = data, metadata
            return
        more = {"execution_count": None} if kind == "result" else {}
        output = new_output(
            "execute_result" if more else "display_data", data=data, metadata=metadata, **more
        )
        outputs.append(output)
        if display_id:
            shown.setdefault(display_id, []).append(output)
    elif kind == "clear":
        outputs.clear()


def _display_id(header: dict[str, Any]) -> str:
    return str(header.get("display_id") or "")[:100]


def _bundle(header: dict[str, Any], body: bytes) -> NotebookNode:
    """The parts of a mime bundle that are text; JSON is kept as text too: nobody reads it."""
    data, start = {}, 0
    mimes = header.get("mimes")
    for entry in mimes[:MOST_KINDS] if isinstance(mimes, list) else []:
        if not (isinstance(entry, list) and len(entry) == 2 and isinstance(entry[1], int) and entry[1] >= 0):
            break
        part = body[start : start + entry[1]].decode("utf-8", "replace")
        start += entry[1]
        if isinstance(entry[0], str) and not entry[0].endswith("json"):
            data[entry[0][:100]] = part
    return nbformat.from_dict(data)


def _metadata(found: Any) -> NotebookNode:
    """A picture's size; nothing else of it is needed."""
    kept = {}
    for mime, entry in found.items() if isinstance(found, dict) else ():
        if isinstance(entry, dict):
            sizes = {k: v for k, v in entry.items() if k in ("width", "height") and isinstance(v, int)}
            kept[str(mime)[:100]] = sizes
    return nbformat.from_dict(kept)
