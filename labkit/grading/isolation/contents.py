"""What every kind of sandbox has inside: a part of labkit, a few variables, and a first process."""

import shutil
import sys
from pathlib import Path

import labkit

TMPFS_BYTES = 512 * 2**20
MEMORY = 6 * 2**30
"""Bytes that all processes of a sandbox may hold together, beyond what they share."""

_LABKIT = Path(labkit.__file__).parent
_OUTSIDE = ("grading", "checks/judges", "cli", "networks/perfect.py", "metrics/frechet.py")
"""Parts of labkit that no sandbox has: they know answers, or what is nobody's business there"""


def visible_labkit(folder: Path) -> Path:
    """Copy what a sandbox may see of labkit into `folder`; returns the folder to import it from."""
    hidden = {_LABKIT / name for name in _OUTSIDE}

    def left_out(directory: str, names: list[str]) -> list[str]:
        return [name for name in names if name == "__pycache__" or Path(directory) / name in hidden]

    shutil.copytree(_LABKIT, folder / "labkit", ignore=left_out)
    for path in [folder, *folder.rglob("*")]:  # whatever umask the checkout was made with
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def environment(root: Path) -> dict[str, str]:
    """All variables of its processes. `root` has the folders submission, library and work."""
    return {
        "HOME": f"{root}/work",
        "USER": "student",
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "PYTHONPATH": f"{root}/library",
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        # glibc keeps freed memory: else sampling spends two thirds of its time on page faults.
        "MALLOC_MMAP_THRESHOLD_": str(2**30),
        "MALLOC_TRIM_THRESHOLD_": str(2**30),
        "LABKIT_TRAINING": "off",  # a submission brings its finished run
    }


def zygote(control: str, uid: int, root: Path) -> list[str]:
    """The arguments of Python that start the first process; `control` is a socket's number or path."""
    return ["-m", "labkit.inside.zygote", control, str(uid), str(root)]
