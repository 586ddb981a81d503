"""What an answer computes is found and written down: one slip in a formula, two at once, and no guess."""

import random
from functools import partial

import numpy as np
import pytest
from formulas import THEORIES, Slipped, instead, pairs, single

from labkit.checks import NamespaceSubject, Verdict, judge
from labkit.checks.judges.cosine_betas import COSINE
from labkit.checks.judges.draw import random_betas
from labkit.checks.judges.formula.slips import edits
from labkit.checks.judges.formula.tree import parse
from labkit.checks.judges.tables import Tables
from labkit.checks.misconceptions import MISCONCEPTIONS
from labkit.checks.misconceptions.formula import SLIPS_IN_A_FORMULA
from labkit.checks.wrong import Explanation

WRITTEN = [*(written for theory in THEORIES.values() for written in theory.right), COSINE]
PAIRS = 5
"""of each TODO; benchmarks/checks.py takes 300"""

SAMPLE = [
    slipped
    for todo in THEORIES
    for slipped in random.Random(todo).sample([one for one in pairs(todo) if one.changes_numbers], PAIRS)
]


def verdict_on(slipped: Slipped) -> Verdict:
    return judge(slipped.todo, NamespaceSubject({slipped.todo: slipped.answer()}))


def label(slipped: Slipped) -> str:
    return f"{slipped.todo}-{slipped.name}"


@pytest.mark.parametrize("name", SLIPS_IN_A_FORMULA.mistakes)
def test_each_slip_of_the_catalogue_is_found(name: str) -> None:
    made = (one for way in (single, instead) for todo in THEORIES for one in way(todo))
    slipped = (one for one in made if one.slips[-1].id == name and one.changes_numbers)
    found = next(verdict for one in slipped if name in (verdict := verdict_on(one)).mistakes)
    said = (found.explanation and found.explanation.text) or MISCONCEPTIONS[name].text
    assert not found.passed and said in found.message


@pytest.mark.parametrize("slipped", SAMPLE, ids=label)
def test_two_slips_are_explained_by_a_formula_with_the_same_numbers(slipped: Slipped) -> None:
    verdict = verdict_on(slipped)
    assert not verdict.passed and verdict.explanation, verdict.message
    assert slipped.is_what(verdict.explanation), f"{slipped.tree.text} was called {verdict.message}"
    assert f"Your code computes: {verdict.explanation.formula}." in verdict.message
    assert verdict.as_json()["computes"] == verdict.explanation.latex
    assert set(verdict.as_json()["mistakes"]) <= set(MISCONCEPTIONS)


@pytest.mark.parametrize("todo", THEORIES)
def test_what_is_no_edit_of_the_formula_has_no_name(todo: str) -> None:
    rng, theory = np.random.default_rng(3), THEORIES[todo]
    for _ in range(3):
        tables = Tables.of(random_betas(rng, 20))
        wrong = theory.factors(tables) * rng.uniform(0.5, 1.5, (2, 20))
        assert theory.explain(partial(np.allclose, wrong, rtol=5e-4, atol=3e-5), tables) is None


@pytest.mark.parametrize("written", WRITTEN, ids=lambda written: written.tree.text)
def test_the_names_of_slips_are_those_of_slips_that_there_are(written) -> None:
    said = {text for edit in edits(written.tree) for text in (edit.slip.sentence, edit.slip.text)}
    assert set(written.ids) <= said
    assert {written.named(edit.slip).id for edit in edits(written.tree)} <= set(MISCONCEPTIONS)


@pytest.mark.parametrize("todo", THEORIES)
def test_a_formula_is_the_same_in_every_way_of_writing_it(todo: str) -> None:
    theory, tables = THEORIES[todo], Tables.of(random_betas(np.random.default_rng(0), 50))
    for written in theory.right:
        np.testing.assert_allclose(
            theory.factors(tables, written.tree), theory.factors(tables), rtol=1e-9, atol=1e-12
        )


def test_a_formula_without_numbers_fits_nothing() -> None:
    theory, tables = THEORIES["q_sample"], Tables.of(random_betas(np.random.default_rng(0), 20))
    at_first = theory.factors(tables, parse("x_0 / (1 - ᾱ_prev) + ε"))
    assert np.isinf(at_first[:, 0]).any() and np.isfinite(at_first[:, 1:]).all()
    assert np.isnan(theory.factors(tables, parse("x_0 / (α - α) + ε"))).any(axis=0).all()


def test_a_formula_is_written_as_people_read_it() -> None:
    mean = parse("1 / sqrt(α) * (x_t - β / sqrt(1 - ᾱ) * ε)")
    assert mean.text == "1/√α_t · (x_t − β_t/√(1 − ᾱ_t) · ε)"
    latex = (
        r"\frac{1}{\sqrt{\alpha_t}}\,\left(x_t - "
        r"\frac{\beta_t}{\sqrt{1 - \bar\alpha_t}}\,\epsilon\right)"
    )
    assert mean.latex == latex
    for source in ("α - (β - ᾱ)", "α / (β / ᾱ)", "(α + β) * ᾱ", "-(α + β)", "α - (-β)", "sqrt(sqrt(α))"):
        tree = parse(source)
        shown = tree.text.replace("−", "-").replace(" · ", "*").replace("·", "*").replace("√", "sqrt")
        again = parse(shown.replace("_t", "").replace("sqrtα", "sqrt(α)"))
        values = {"α": 0.3, "β": 0.7, "ᾱ": 0.2}
        assert again.at(values) == pytest.approx(tree.at(values)), shown


def test_a_verdict_shows_numbers_slips_and_formula_in_this_order() -> None:
    verdict = Verdict(
        "q_sample",
        0.0,
        "missing_root",
        "At t = 3, it is 1.",
        explanation=Explanation(("missing_root",), "The root is missing.", "ᾱ_{t−1}·x̂_0", "latex"),
    )
    hint = "Hint: Compare your code with lesson 02"  # which has this formula
    parts = ["At t = 3", "The root is missing.", "Your code computes: ᾱ_{t−1}·x̂_0.", hint]
    assert [verdict.message.index(part) for part in parts] == sorted(map(verdict.message.index, parts))
    shown = verdict._repr_mimebundle_()["text/html"]
    assert "ᾱ<sub>t−1</sub>·x̂<sub>0</sub>" in shown
