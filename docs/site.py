"""mkdocs' hook: the documentation site is made of the repository's own files, each at its own place.

So a link between two of them holds on the site as it does in the repository. The solved lessons become
Markdown with the outputs that they were committed with, formulas become MathML, and docstrings become one
page for each part of labkit. Nothing of it needs another server.
"""

import re
from html import unescape
from pathlib import Path

import nbformat
from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from nbconvert import MarkdownExporter

ROOT = Path(__file__).parents[1]
AS_THEY_ARE = [
    "*.md",
    "LICENSE*",
    "CITATION.cff",
    "docs/*.md",
    "docs/**/*.png",
    "docs/site.css",
    "notebooks/misconceptions.md",
    "notebooks/misconceptions/*.png",
]

STUDENTS = [
    "schedules",
    "predictors",
    "networks",
    "data",
    "training",
    "sampling",
    "metrics",
    "plots",
    "checks",
]
SHADOWED = {"data": "points.points", "training": "fit.fit", "sampling": "strided.strided"}
"""functions that have the name of their module: a reader of sources takes them for it"""
ROOMS = {
    "course": [
        "syllabus",
        "begin",
        "answers",
        "ladder",
        "predict",
        "profiles",
        "datasets",
        "faces",
        "report_page",
        "hand_in",
        "doctor",
        "look_ahead",
    ],
    "grading": [
        "course_folder",
        "release.build",
        "intake.collect",
        "intake.repair",
        "isolation",
        "execution.execute",
        "classrun.grade_class",
        "classrun.submission",
        "report",
        "report.safe_view",
        "similar.pairs",
    ],
}
"""Parts of labkit whose modules are documented below one another"""

LESSON = MarkdownExporter(
    raw_template="""
{%- extends "markdown/index.md.j2" -%}
{%- block data_png -%}
{%- set shown = output.metadata.get("image/png", {}) -%}
{%- set file = output.metadata.filenames["image/png"] -%}
![{{ shown.alt or output.data["text/plain"] }}]({{ file }})
{%- if shown.width %}{ width={{ shown.width }} }{% endif %}
{%- endblock -%}
"""
)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the repository's pages in the place of what lies in mkdocs' folder."""
    for file in list(files):
        if file.src_dir == config.docs_dir:
            files.remove(file)
    for pattern in AS_THEY_ARE:
        for path in ROOT.glob(pattern):
            name = path.relative_to(ROOT).as_posix()
            files.append(File.generated(config, name, abs_src_path=str(path)))
    for path in ROOT.glob("solutions/*/*.ipynb"):
        lesson, pictures = _lesson(path)
        name = path.relative_to(ROOT).with_suffix(".md").as_posix()
        files.append(File.generated(config, name, content=lesson))
        for picture, content in pictures.items():
            files.append(File.generated(config, f"{Path(name).parent}/{picture}", content=content))
    for part in STUDENTS:
        files.append(File.generated(config, f"api/{part}.md", content=_api(part)))
    for room, modules in ROOMS.items():
        documented = "".join(_documented(f"labkit.{room}.{name}", heading=True) for name in modules)
        files.append(File.generated(config, f"api/{room}.md", content=f"# labkit.{room}\n\n{documented}"))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """A link to a solved lesson leads to its page; a picture from another server becomes its words."""
    markdown = re.sub(r"!\[([^\]]*)\]\(https?://[^)]*\)", r"\1", markdown)
    return re.sub(r"(\]\((?!https?:)[^)\s]*)\.ipynb(#[^)]*)?\)", r"\1.md\2)", markdown)


def on_page_content(html: str, **_: object) -> str:
    """Formulas as MathML, which browsers draw by themselves and read aloud."""
    inline = re.compile(r'<span class="arithmatex">\\\((.*?)\\\)</span>', re.DOTALL)
    block = re.compile(r'<div class="arithmatex">\\\[(.*?)\\\]</div>', re.DOTALL)
    html = inline.sub(lambda found: _mathml(found[1], "inline"), html)
    return block.sub(lambda found: _mathml(found[1], "block"), html)


def on_post_page(output: str, **_: object) -> str:
    """The theme's search is a dialog without a name, for which a screen reader would have no word."""
    return output.replace('role="dialog"', 'role="dialog" aria-label="Search"')


on_post_template = on_post_page


def _mathml(latex: str, display: str) -> str:
    return convert(re.sub(r"\\tag\{(.*?)\}", r"\\qquad (\1)", unescape(latex)), display=display)


def _lesson(path: Path) -> tuple[str, dict[str, bytes]]:
    """A solved notebook as Markdown, and the pictures in it by their names."""
    notebook = nbformat.read(path, as_version=4)
    names = {"unique_key": path.stem, "output_files_dir": path.stem}
    text, resources = LESSON.from_notebook_node(notebook, names)
    return text, resources["outputs"]


def _api(part: str) -> str:
    shadowed = _documented(f"labkit.{part}.{SHADOWED[part]}", heading=True) if part in SHADOWED else ""
    return f"# labkit.{part}\n\n{_documented(f'labkit.{part}')}{shadowed}"


def _documented(name: str, heading: bool = False) -> str:
    return f"::: {name}\n    options: {{show_root_heading: {str(heading).lower()}}}\n\n"
