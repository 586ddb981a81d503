"""An answer leaves its arguments as they are."""

from labkit.checks.reply import Reply
from labkit.checks.wrong import Wrong


def judge_unchanged(seen: Reply) -> None:
    """Raise Wrong where the answer wrote into one of its arguments."""
    if seen.changed:
        raise Wrong("changes_its_input", f"After the call, `{seen.changed}` held other numbers than before.")
