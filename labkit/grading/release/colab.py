"""Lessons that open in Colab, and install the course there, where the released notebooks lie on GitHub."""

import re
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import TraitError, Unicode, validate

WHEEL = 'glob("ddpm_lab-*-py3-none-any.whl")'
"""How a lesson's first cell looks for the course's package beside it"""


class ColabLink(NbGraderPreprocessor):
    """One of GenerateAssignment.preprocessors; does nothing until `repository` is set."""

    repository = Unicode(
        "", help='where notebooks/ lies on GitHub, with its tag: "owner/name/blob/v1.0"'
    ).tag(config=True)

    @validate("repository")
    def _names_a_tag(self, proposal: dict[str, Any]) -> str:
        if proposal["value"] and not re.fullmatch(r"[\w.-]+/[\w.-]+/blob/[\w./-]+", proposal["value"]):
            raise TraitError(
                f'ColabLink.repository is {proposal["value"]!r}, and must be like "owner/name/blob/v1.0".'
            )
        return proposal["value"]

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        if self.repository:
            names = resources["nbgrader"]
            path = f"{self.repository}/notebooks/{names['assignment']}/{names['notebook']}.ipynb"
            link = f"[Open in Colab](https://colab.research.google.com/github/{path})"
            nb.cells[0].source += f"\n\n{link}"
            owner, name, _, tag = self.repository.split("/", 3)
            place = f"git+https://github.com/{owner}/{name}@{tag}"
            for cell in nb.cells:
                cell.source = cell.source.replace(WHEEL, f'{WHEEL} or ["{place}"]')
        return nb, resources
