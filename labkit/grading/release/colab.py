"""Lessons that open in Colab, and install the course there, where the released notebooks lie on GitHub."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode


class ColabLink(NbGraderPreprocessor):
    """One of GenerateAssignment.preprocessors; does nothing until `repository` is set."""

    repository = Unicode(
        "", help='where notebooks/ lies on GitHub, with its branch: "owner/name/blob/main"'
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        if self.repository:
            names = resources["nbgrader"]
            path = f"{self.repository}/notebooks/{names['assignment']}/{names['notebook']}.ipynb"
            link = f"[Open in Colab](https://colab.research.google.com/github/{path})"
            nb.cells[0].source += f"\n\n{link}"
            owner, name, *_ = self.repository.split("/")
            for cell in nb.cells:
                cell.source = cell.source.replace(
                    "install --quiet ddpm-lab", f"install --quiet git+https://github.com/{owner}/{name}"
                )
        return nb, resources
