"""A picture that a student has pasted into words is shown, or its words are; it never stops anything."""

import pytest
from damaged import PIXEL
from nbconvert.filters import markdown2html
from nbformat import from_dict
from nbformat.v4 import new_markdown_cell, new_notebook

from labkit.grading.report.safe_view import MOST_CHARACTERS, SafeView, safe_markdown

SHOWN = f'src="data:image/png;base64,{PIXEL}"'


def seen(source: str, attachments: dict | None = None) -> str:
    """What a page shows of a cell: our HTML, as nbconvert's templates render it once more."""
    cell = new_markdown_cell(source)
    if attachments is not None:
        cell.attachments = from_dict(attachments)
    safe, _ = SafeView().preprocess(new_notebook(cells=[cell]), {})
    assert "attachments" not in safe.cells[0]
    return markdown2html(safe.cells[0].source)


@pytest.mark.parametrize(
    "source",
    [
        "My derivation: ![image.png](attachment:image.png)",
        "![image.png](attachment:image.png 'a title')",
        "![image.png][1]\n\n[1]: attachment:image.png",
        '<img src="attachment:image.png">',
        "<img width='40%' src='attachment:image.png' alt=\"two curves\">",
        "* a list\n* with ![image.png](attachment:image.png)",
        "> quoted\n>\n> ![image.png](attachment:image.png)",
        "|a|b|\n|-|-|\n|1|![image.png](attachment:image.png)|",
    ],
)
def test_an_attachment_is_shown(source: str) -> None:
    assert SHOWN in seen(source, {"image.png": {"image/png": PIXEL}})


def test_an_attachment_is_found_by_the_name_that_a_link_can_have() -> None:
    for source in ("![x](attachment:my%20notes.png)", "![x](<attachment:my notes.png>)"):
        assert SHOWN in seen(source, {"my notes.png": {"image/png": PIXEL}})


@pytest.mark.parametrize(
    "source", [f"![x](data:image/png;base64,{PIXEL})", f'<img src="data:image/png;base64,{PIXEL}">']
)
def test_a_picture_in_the_text_is_shown(source: str) -> None:
    assert SHOWN in seen(source)


def test_a_big_picture_in_the_text_hides_no_words() -> None:
    picture = "A" * (2 * MOST_CHARACTERS)
    html = seen(f"**Before.** ![x](data:image/png;base64,{picture}) **After.**")
    assert "<strong>Before.</strong>" in html and "<strong>After.</strong>" in html and picture in html


@pytest.mark.parametrize(
    "attachments",
    [
        None,
        {},
        {"other.png": {"image/png": PIXEL}},
        {"image.png": {}},
        {"image.png": {"image/png": "*** no base64 ***"}},
        {"image.png": {"image/png": '"><script>alert(1)</script>'}},
        {"image.png": {"image/svg+xml": "<svg onload='alert(1)'/>"}},
        {"image.png": {"text/html": "<script>alert(1)</script>"}},
        {"image.png": {"image/png": ["a", "b"]}},
    ],
)
@pytest.mark.parametrize(
    "source", ["![two curves](attachment:image.png)", '<img src="attachment:image.png" alt="two curves">']
)
def test_where_there_is_no_picture_its_words_stand(source: str, attachments: dict | None) -> None:
    html = seen(f"**Before.** {source} **After.**", attachments)
    assert "<strong>Before.</strong> <em>(two curves: not shown)</em> <strong>After.</strong>" in html
    assert "<img" not in html and "script" not in html and "svg" not in html


@pytest.mark.parametrize(
    "source",
    [
        "![](attachment:gone.png)",
        "`![x](attachment:gone.png)`",
        "```\na\n\n![x](attachment:gone.png)\n```",
        "```text\na\n\n![x](attachment:gone.png)\n\n![x](attachment\\:gone.png)\n```",
        "<div>\n\n![x](attachment:gone.png)\n\n</div>",
        "<pre>\n\n![x](attachment:gone.png)\n\n</pre>",
        "$$ ![x](attachment:gone.png) $$",
        "[a link](attachment:gone.png)",
        "&#33;[x](attachment:gone.png) \\![x](attachment:gone.png)",
        "![x](attachment:)",
        "![x](ATTACHMENT:gone.png)",
    ],
)
def test_wherever_a_link_to_nothing_stands_the_page_is_shown(source: str) -> None:
    html = seen(f"Words before.\n\n{source}\n\nWords after.")
    assert "Words before." in html and "Words after." in html


def test_words_of_a_picture_are_words() -> None:
    assert safe_markdown('<img alt="a &lt;b&gt; &quot;c&quot;">') == (
        "<div><em>(a &lt;b&gt; &quot;c&quot;: not shown)</em></div>"
    )


def test_a_link_to_an_attachment_runs_nothing() -> None:
    html = seen("[x](attachment:a.html)", {"a.html": {"text/html": "<script>alert(1)</script>"}})
    assert "href" not in html and "alert" not in html


@pytest.mark.parametrize(
    "source",
    [
        "<my-tag>\n[x](javascript:alert(1))\n</my-tag>",
        "<div>\n\n</div>\n\n<my-tag>\n[x](javascript:alert(1)) ![x](attachment:gone.png)\n</my-tag>",
        "<img alt='[x](javascript:alert(1))'>",
        "```python\na\n\n\n# [x](javascript:alert(1)) <b>\n```",
        "<pre>\n\n[x](javascript:alert(1))\n\n\x0b\n\n</pre> <b>",
        "    [x](javascript:alert(1))\n\n\n    <b>\n\n**a**",
        "$$\n\n[x](javascript:alert(1))\n\n$$ <b>",
        "</div></div>\n\n[x](javascript:alert&#40;1))\n\n\\[x](javascript:alert(1))",
    ],
)
def test_a_page_that_reads_it_as_markdown_once_more_shows_it_as_it_is(source: str) -> None:
    safe = safe_markdown(source)
    assert markdown2html(safe).strip() == safe
    assert "href" not in safe
