"""What lessons import of the metrics is there without what would answer a TODO of theirs."""

import subprocess
import sys

WITHOUT = """
import sys
sys.modules["labkit.metrics.frechet"] = sys.modules["pytorch_fid"] = None  # as in a sandbox
import labkit.course.faces, labkit.course.report_page, labkit.metrics
from labkit.metrics import fid
import torch
faces = torch.randint(256, (30, 3, 8, 8), dtype=torch.uint8)
assert len(labkit.metrics.find_copies(faces, faces, faces.flip(-1)).copied) == 30
try:
    fid(faces, faces, lambda images: images.float().flatten(1))
except ModuleNotFoundError as error:
    print(error.name)
"""


def test_lessons_import_the_metrics_without_the_distance() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "labkit.metrics.frechet\n"), done.stderr
