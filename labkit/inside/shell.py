"""An IPython shell for one notebook: runs its cells and the probes, and sends what comes out as messages."""

import json
import sys
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from labkit.checks.reply import Reply
from labkit.checks.subject import AnswerError, NamespaceSubject
from labkit.inside.channel import Channel
from labkit.inside.packing import pack, unpack

_FLUSH = 2**14


class _Stream:
    """Stands in for sys.stdout and sys.stderr."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, name: str, outputs: "Outputs"):
        self.name, self._outputs, self._kept = name, outputs, ""

    def write(self, text: str) -> int:
        self._kept += str(text)
        if len(self._kept) > _FLUSH:
            self.flush()
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        kept, self._kept = self._kept, ""
        for start in range(0, len(kept), 2**20):
            self._outputs.send("stream", {"name": self.name}, kept[start : start + 2**20])

    closed = False

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


class Outputs:
    """Sends the outputs of cells, in order."""

    def __init__(self) -> None:
        self.channel: Channel | None = None
        self.streams = _Stream("stdout", self), _Stream("stderr", self)

    def send(self, kind: str, header: dict[str, Any], text: str = "") -> None:
        """One message with a text behind it."""
        if self.channel is not None:
            body = text.encode("utf-8", "replace")
            self.channel.send({"kind": kind, **header}, body)

    def send_data(self, kind: str, data: dict[str, Any], metadata: dict[str, Any], **more: Any) -> None:
        """A mime bundle: the names and sizes in the header, the contents behind it."""
        self.flush()
        parts = {
            mime: (content if isinstance(content, str) else json.dumps(content, default=str)).encode(
                "utf-8", "replace"
            )
            for mime, content in data.items()
        }
        header = {
            "kind": kind,
            "mimes": [[mime, len(part)] for mime, part in parts.items()],
            "metadata": metadata,
            **more,
        }
        if self.channel is not None:
            self.channel.send(header, b"".join(parts.values()))

    def flush(self) -> None:
        for stream in self.streams:
            stream.flush()


OUTPUTS = Outputs()


class _Publisher(DisplayPublisher):
    def publish(  # type: ignore[override]  # what IPython hands on is more than it says
        self, data: Any, metadata: Any = None, **more: Any
    ) -> None:
        transient, update = more.get("transient") or {}, bool(more.get("update"))
        display_id = str(transient.get("display_id", ""))
        OUTPUTS.send_data("display", data, metadata or {}, display_id=display_id, update=update)

    def clear_output(self, wait: bool = False) -> None:
        OUTPUTS.flush()
        OUTPUTS.send("clear", {"wait": bool(wait)})


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None: ...

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        OUTPUTS.send_data("result", format_dict, md_dict or {})


class Shell(InteractiveShell):
    """IPython without a terminal and without a kernel's sockets."""

    displayhook_class = _Hook
    display_pub_class = _Publisher

    def enable_gui(self, gui: Any = None) -> None:
        """There is no screen."""

    def ask_exit(self) -> None:
        """A notebook ends with its last cell."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        OUTPUTS.flush()
        header = {"name": str(getattr(etype, "__name__", etype))[:200], "value": _words(evalue)}
        OUTPUTS.send("error", header, "\n".join(stb)[: 2**20])


def make_shell() -> Shell:
    """A shell that keeps no history on disk and reads no profile or startup file of anybody's."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.autocall = 0
    shell = Shell.instance(config=config, user_ns={"__name__": "__main__"})
    shell.profile_dir = None
    return shell


def serve(shell: Shell, channel: Channel) -> None:
    """Run what the grader sends, one after the other, until it hangs up."""
    OUTPUTS.channel = channel
    sys.stdout, sys.stderr = OUTPUTS.streams
    subject = NamespaceSubject(shell.user_ns)
    while True:
        header, body = channel.receive()
        try:
            if header["kind"] == "cell":
                shell.run_cell(body.decode(), store_history=True)
                OUTPUTS.flush()
                channel.send({"kind": "done"})
            else:
                _probe(subject, channel, header, body)
        except KeyboardInterrupt:  # between two of the student's lines
            channel.send({"kind": "done"})


def _probe(subject: NamespaceSubject, channel: Channel, header: dict[str, Any], body: bytes) -> None:
    number = header["number"]
    try:
        asked = unpack(header["values"], body)
        plain, arrays = pack(vars(subject.call(header["probe"], asked, Reply, header["seconds"])))
        channel.send({"kind": "reply", "number": number, "values": plain}, arrays)
    except AnswerError as error:
        fault = {"kind": "fault", "number": number, "name": error.kind, "message": str(error)[:2000]}
        channel.send(fault)


def _words(evalue: Any) -> str:
    try:
        return str(evalue)[:2000]
    except Exception:  # an exception of a student's own
        return "an exception that cannot be printed"
