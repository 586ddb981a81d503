"""Why Linux does not let bubblewrap make namespaces, and how to permit it."""

import os
from pathlib import Path

_FORBIDDING = {
    "proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "AppArmor forbids user namespaces, as on Ubuntu from 23.10: "
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    "proc/sys/kernel/unprivileged_userns_clone": (
        "0",
        "this kernel forbids user namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1",
    ),
    "proc/sys/user/max_user_namespaces": (
        "0",
        "this kernel permits no user namespace: sudo sysctl -w user.max_user_namespaces=10000",
    ),
}
"""A setting → the value that forbids them, and what to do"""

_CONTAINERS = (".dockerenv", "run/.containerenv")
"""The marks of docker and of podman"""


def how_to_permit(system: Path = Path("/")) -> str:
    """What to do where bubblewrap is there and forbidden, in half a sentence; `system` is the root folder."""
    is_root = os.geteuid() == 0
    for setting, (forbidding, remedy) in {} if is_root else _FORBIDDING.items():
        try:
            value = (system / setting).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if value == forbidding:
            return f"{remedy} (until the next start; in a file in /etc/sysctl.d for good), or grade as root"
    if any((system / mark).exists() for mark in _CONTAINERS):
        return (
            "this is a container, and its engine forbids namespaces: start it with --security-opt "
            "seccomp=unconfined --security-opt systempaths=unconfined"
            + (" --cap-add SYS_ADMIN" if is_root else "")
            + ", or grade outside it"
        )
    return "permit namespaces in this machine's security settings" + ("" if is_root else ", or grade as root")
