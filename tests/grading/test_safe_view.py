"""What a submission shows cannot run in the browser of whoever looks at it: seen in a real one."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import nbgrader
import pytest
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import markdown2html, strip_files_prefix
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from playwright.sync_api import Browser
from traitlets.config import Config

from labkit.grading.report.safe_view import SafeView, safe_markdown

TEMPLATES = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
RUN = "window.PWNED=1;document.title='PWNED';alert(1)"
TAG = f"<script>{RUN}</script>"
B64 = "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="


def shown_as(mime: str, content: str) -> NotebookNode:
    return new_code_cell("x", outputs=[new_output("display_data", data={mime: content})])


def shown(**data: str) -> NotebookNode:
    ((name, content),) = data.items()
    return shown_as(name.replace("_", "/"), content)


def with_metadata(**metadata: object) -> NotebookNode:
    """A picture, about which its student says more than its size."""
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    cell = shown(image_png=pixel)
    cell.outputs[0].metadata = NotebookNode(metadata)
    return cell


def pasted(
    mime: str, content: str, source: str = "![x](attachment:a) <img src='attachment:a'>"
) -> NotebookNode:
    return new_markdown_cell(source, attachments={"a": {mime: content}})


def odd_id() -> NotebookNode:
    cell = new_markdown_cell("text")
    cell.id = f'x" onmouseover="{RUN}" autofocus onfocus="{RUN}'
    return cell


PAYLOADS = {
    "html_script": shown(text_html=f"<script>{RUN}</script>"),
    "html_handler": shown(text_html=f'<img src=x onerror="{RUN}">'),
    "html_link": shown(text_html=f'<a href="javascript:{RUN}">click</a>'),
    "html_frame": shown(text_html=f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>'),
    "html_data_frame": shown(text_html=f'<object data="data:text/html;base64,{B64}"></object>'),
    "html_svg": shown(text_html=f'<svg><animate onbegin="{RUN}" attributeName=x dur=1s></svg>'),
    "html_math": shown(text_html=f'<math><mtext><table><mglyph><style><img src=x onerror="{RUN}">'),
    "html_style": shown(text_html=f"<style>@import 'javascript:{RUN}'</style><p style='x:expression(1)'>"),
    "html_form": shown(text_html=f'<form action="javascript:{RUN}"><button autofocus>x</button></form>'),
    "html_details": shown(text_html=f'<details open ontoggle="{RUN}"><summary>x</summary></details>'),
    "html_unclosed": shown(text_html=f'<div title="<img src=x onerror={RUN}'),
    "html_meta": shown(text_html=f'<meta http-equiv="refresh" content="0;url=javascript:{RUN}">'),
    "javascript": shown(application_javascript=RUN),
    "svg": shown_as("image/svg+xml", f"<svg onload='{RUN}'><script>{RUN}</script></svg>"),
    "markdown_output": shown(text_markdown=f'<img src=x onerror="{RUN}"> [x](javascript:alert(1))'),
    "latex_output": shown(text_latex=r"$\href{javascript:alert(1)}{x}$<script>" + RUN + "</script>"),
    "mermaid": shown_as("text/vnd.mermaid", f"</pre><script>{RUN}</script>"),
    "widget": shown_as("application/vnd.jupyter.widget-view+json", f"</script><script>{RUN}</script>"),
    "png_that_breaks_out": shown(image_png=f'"><script>{RUN}</script>'),
    "width": with_metadata(**{"image/png": {"width": f"1 onload={RUN.split(';')[0]} x=", "height": 1}}),
    "width_of_all": with_metadata(width=f"1 onload={RUN.split(';')[0]} x="),
    "height": with_metadata(**{"image/png": {"height": f"1\nonload={RUN.split(';')[0]}"}}),
    "words": with_metadata(**{"image/png": {"alt": f'x" onload="{RUN}'}}),
    "text": shown(text_plain=f"<script>{RUN}</script>"),
    "stream": new_code_cell("x", outputs=[new_output("stream", text=f"<script>{RUN}</script>\x1b]8;;")]),
    "error": new_code_cell("x", outputs=[new_output("error", ename=TAG, evalue=TAG, traceback=[TAG])]),
    "source": new_code_cell(f"</pre><script>{RUN}</script>"),
    "markdown": new_markdown_cell(f'<img src=x onerror="{RUN}">'),
    "markdown_link": new_markdown_cell("[x](javascript:document.title='PWNED') <javascript:alert(1)>"),
    "markdown_entity": new_markdown_cell(
        "[x](&#106;avascript&colon;alert(1)) [y]\n\n[y]: JaVaScRiPt:alert(1)"
    ),
    "markdown_math": new_markdown_cell(r"$\href{javascript:document.title='PWNED'}{x}$"),
    "markdown_fence": new_markdown_cell(f'```html"><script>{RUN}</script>\nx\n```'),
    "attached_svg": pasted("image/svg+xml", f"<svg onload='{RUN}'><script>{RUN}</script></svg>"),
    "attached_html": pasted("text/html", TAG, "[x](attachment:a) ![x](attachment:a)"),
    "attached_png_that_breaks_out": pasted("image/png", f'"><script>{RUN}</script>'),
    "attached_link": pasted("image/png", "aaaa", "<a href='attachment:a' onclick='alert(1)'>x</a>"),
    "unknown_tag": new_markdown_cell("<my-tag>\n[x](javascript:document.title='PWNED')\n</my-tag>"),
    "unknown_tag_below": new_markdown_cell(
        "<div>\n\n</div>\n\n<my-tag>\n[x](javascript:alert(1))\n</my-tag>"
    ),
    "link_in_words": new_markdown_cell("<img alt='[x](javascript:alert(1))'>"),
    "link_below_code": new_markdown_cell(
        "```python\nx\n\n# [x](javascript:alert(1)) <b onclick='alert(1)'>\n```"
    ),
    "words_of_no_picture": new_markdown_cell(f"<img alt='&lt;img src=x onerror=\"{RUN}\"&gt;'>"),
    "carriage_returns": new_markdown_cell(
        "Hi <i title='&#13;&#13;[x](contenteditable/autofocus/onfocus=alert(1)//)'>t</i>"
    ),
    "prefix_that_pages_drop": new_markdown_cell(
        "[x](files/javascript:alert(1)) <a href='/files/javascript:alert(1)'>x</a>"
    ),
    "raw": new_raw_cell(f"<script>{RUN}</script>", metadata={"raw_mimetype": "text/html"}),
    "cell_id": odd_id(),
    "tags": new_markdown_cell("x", metadata={"tags": [f'"><script>{RUN}</script>']}),
}


def pages(notebook: NotebookNode) -> dict[str, str]:
    """The notebook as feedback, as formgrader's page, and as nbconvert shows it by itself."""
    found = {}
    names = {"notebook": "02", "score": 1, "max_score": 2, "late_penalty": 0}
    resources = {"nbgrader": names, "base_url": "", "student": "ann", "index": 0, "total": 1}
    for template in ("feedback", "formgrade", "lab"):
        config = Config()
        config.HTMLExporter.template_name = template
        config.HTMLExporter.extra_template_basedirs = [str(TEMPLATES)]
        static = TEMPLATES.parent / "static" / "node_modules" / "bootstrap" / "dist" / "css"
        config.HTMLExporter.extra_template_paths = [str(static)]
        found[template], _ = HTMLExporter(config=config).from_notebook_node(notebook, dict(resources))
    return found


def runs_something(browser: Browser, html: str) -> bool:
    """Whether a script of the payload ran, by itself or when whatever can be clicked was clicked."""
    page, alerts = browser.new_page(), []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.route("**/*", lambda route: route.abort())
    page.set_content(html, wait_until="domcontentloaded")
    page.wait_for_timeout(50)
    for link in page.query_selector_all("#notebook a, .jp-Notebook-cell a, button"):
        link.evaluate("link => { link.dispatchEvent(new MouseEvent('mouseover')); link.click(); }")
    page.wait_for_timeout(50)
    ran = page.evaluate("() => window.PWNED === 1 || document.title === 'PWNED'") or bool(alerts)
    page.close()
    return ran


def graded(cell: NotebookNode) -> NotebookNode:
    notebook = new_notebook()
    notebook.cells.append(json_copy(cell))
    notebook.metadata = NotebookNode(
        title=f"</title><script>{RUN}</script>",
        language_info=NotebookNode(name=f'"><script>{RUN}</script>'),
        widgets=NotebookNode({"application/vnd.jupyter.widget-state+json": {"x": f"</script><script>{RUN}"}}),
    )
    return notebook


def json_copy(cell: NotebookNode) -> NotebookNode:
    from nbformat import from_dict

    return from_dict(json.loads(json.dumps(cell)))


@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_runs_in_any_view(browser: Browser, name: str) -> None:
    safe, _ = SafeView().preprocess(graded(PAYLOADS[name]), {})
    for view, html in pages(safe).items():
        assert not runs_something(browser, html), view


@pytest.mark.parametrize(
    "name", ["html_script", "html_handler", "html_link", "javascript", "markdown", "width"]
)
def test_without_it_they_would_run(browser: Browser, name: str) -> None:
    notebook = new_notebook(cells=[json_copy(PAYLOADS[name])])
    assert any(runs_something(browser, html) for html in pages(notebook).values())


class _Tags(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def seen(text: str) -> list[tuple[str, dict[str, str | None]]]:
    """The tags of a cell on nbgrader's pages, which read what we made of it as markdown once more."""
    return _Tags(strip_files_prefix(markdown2html(safe_markdown(text)))).found


ACTIVE = "[x](contenteditable/autofocus/onfocus=alert(1)//)"
LINES = [
    "&#13;",
    "&#10;",
    "&#11;",
    "&#12;",
    "&#9;",
    "&#133;",
    "&#8232;",
    "&#8233;",
    "&#13;&#10;",
    "\r",
    "\x0b",
]
WHERE = [
    "<i title='{}'>t</i>", "<i lang='{}'>t</i>", "<p align='{}'>t</p>", "<bdo dir='{}'>t</bdo>",
    "<a href='{}'>t</a>", "<a hreflang='{}'>t</a>", "<img src='{}'>", "<img alt='{}' src='https://a.b/c'>",
    "<q cite='{}'>t</q>", "<del datetime='{}'>t</del>", "<ol start='{}'><li>t</ol>", "<hr size='{}'>",
    "<table summary='{}'><tr><td headers='{}'>t</td></tr></table>", "<pre>{}</pre>",
    "<textarea>{}</textarea>", "* <i title='{}'>t</i>", "* a\n  1. <i title='{}'>t</i>",
    "> <i title='{}'>t</i>", "<div>\n\n    <i title='{}'>t</i></div>", "|a|\n|-|\n|<i title='{}'>t</i>|",
]  # fmt: skip
"""Where a text can stand in HTML that is kept"""


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("where", WHERE)
def test_no_line_in_html_makes_pages_read_on_as_markdown(where: str, line: str) -> None:
    for lines in (line * 2, f"x{line} {line}x{line}\t{line}    "):
        tags = seen("Hi " * (where[0] == "<") + where.replace("{}", lines + ACTIVE))
        assert not [found for _, found in tags if {"contenteditable", "autofocus", "onfocus"} & set(found)]


@pytest.mark.parametrize(
    "link",
    [
        "da&Tab;ta:text/html,x",
        "&#1;data:text/html,x",
        "&#13;d&#10;ata:text/html,x",
        "files/javascript:alert(1)",
        "/files/javascript:alert(1)",
        "&#1;/files/data:text/html,x",
        "java&Tab;script:alert(1)",
    ],
)
def test_a_link_is_judged_as_a_browser_follows_it(link: str) -> None:
    for tag, found in seen(f"<a href='{link}'>x</a> [x]({link}) <img src='{link}'> ![x]({link})"):
        for name in ("href", "src"):
            followed = re.sub(r"[\x00-\x20]", "", found.get(name) or "").lower()
            assert not followed.startswith(("data:", "javascript:")), tag


@pytest.mark.parametrize(
    "formula",
    [
        r"<p>\(\hr<wbr>ef{javascript:alert(1)}{x}\)</p>",
        r"$\mmlToken{mi}[href=javascript:alert(1)]{x}$",
        r"$\renewcommand{\a}[1]{#1}$",
        r"$\href_x$",
    ],
)
def test_a_formula_makes_no_links_and_no_macros(formula: str) -> None:
    assert not re.search(r"\\(href|mmlToken|renewcommand)", re.sub("<wbr>", "", safe_markdown(formula)))


@pytest.mark.parametrize(
    "text",
    [
        "The mean of $x_{t-1}$ is 3 < 4.",
        "* one\n* two\n\n**bold** and `code`",
        "If t = 0 no noise is added; x <= 3.",
    ],
)
def test_words_stay_as_they_were_written(text: str) -> None:
    assert safe_markdown(text) == text


def test_pictures_tables_and_formulas_are_still_seen() -> None:
    cell = shown(text_html="<table><tr><td>1</td></tr></table>")
    cell.outputs[0].data |= {"image/png": "iVBORw0KGgo=\n", "text/plain": "t"}
    safe, _ = SafeView().preprocess(new_notebook(cells=[cell]), {})
    assert safe.cells[0].outputs[0].data == {
        "image/png": "iVBORw0KGgo=\n",
        "text/html": "<table><tbody><tr><td>1</td></tr></tbody></table>",
        "text/plain": "t",
    }
    assert safe_markdown(r"So $\bar\alpha_t < 1$ [here](https://example.org)") == (
        "<div><p>So $\\bar\\alpha_t &lt; 1$ "
        '<a href="https://example.org" rel="noopener noreferrer">here</a></p></div>'
    )


def test_no_file_of_a_picture_is_fetched_from_elsewhere() -> None:
    cell = with_metadata(filenames={"image/png": "http://elsewhere.example/seen.png"})
    safe, _ = SafeView().preprocess(new_notebook(cells=[json_copy(cell)]), {})
    assert not any("elsewhere.example" in html for html in pages(safe).values())


def test_a_picture_keeps_its_size_and_its_words() -> None:
    cell = with_metadata(**{"image/png": {"width": 300, "alt": "two curves"}})
    safe, _ = SafeView().preprocess(new_notebook(cells=[json_copy(cell)]), {})
    assert safe.cells[0].outputs[0].metadata == {"image/png": {"width": 300, "alt": "two curves"}}


@pytest.mark.parametrize("mark", ["### BEGIN HIDDEN TESTS", "### END MARK SCHEME"])
def test_nbgraders_own_marks_are_words_in_a_students_cell(mark: str) -> None:
    cells = [new_code_cell(f"x = 1  {mark}"), new_markdown_cell(f"I wrote <b>{mark}</b> here")]
    safe, _ = SafeView().preprocess(new_notebook(cells=[json_copy(cell) for cell in cells]), {})
    assert not any(mark in cell.source for cell in safe.cells)
    assert all(mark.split()[1] in cell.source for cell in safe.cells)


def test_of_code_without_measure_the_beginning_is_shown() -> None:
    cells = [new_code_cell("a" + ".a" * 10**6), shown(text_html="<p>" + "<b a=1>" * 10**5)]
    safe, _ = SafeView().preprocess(new_notebook(cells=[json_copy(cell) for cell in cells]), {})
    assert len(safe.cells[0].source) < 21_000 and "not shown" in safe.cells[0].source
    assert "not shown" in safe.cells[1].outputs[0].data["text/plain"]
