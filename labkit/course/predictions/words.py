"""What is said of a guess: when it is answered, at a lesson's end, on the map."""

import html
from collections.abc import Mapping

from labkit.appearance import BLUE, GREEN, ORANGE, Shown, framed
from labkit.course.predictions.kept import Guess
from labkit.course.predictions.question import Choice, Question, Said


def outcome(question: Question, said: Said | None) -> Shown:
    """What was said, whether it is right, the answer and the reason."""
    if said is None:
        colour, head, right = BLUE, "○ No guess this time.", f"The answer: {question.right}."
    elif question.is_right(said):
        words = question.in_words(said)
        near = "" if words == question.right else f"You said: {words}. "
        colour, head, right = GREEN, "✓ As you predicted.", f"{near}The answer: {question.right}."
    else:
        colour, head = ORANGE, "≠ A surprise."
        right = f"You said: {question.in_words(said)}. The answer: {question.right}."
    text = f"{right} {question.because}"
    return Shown(
        f"{head} {text}",
        framed(colour, f"<b>{head}</b> {html.escape(text)}"),
    )


def without_buttons(question: Question, folded_answer: bool) -> Shown:
    """What can be said, where nobody can click; with the answer where it will not be said later."""
    if isinstance(question, Choice):
        asks = f"Your guess? {' · '.join(question.options)}"
    else:
        asks = f"Your guess? {question.in_words('…')}"
    page = f"<p>{html.escape(asks)}</p>"
    if folded_answer:
        answer = html.escape(f"{question.right}. {question.because}")
        page += f"<details><summary>The answer</summary>{answer}</details>"
    return Shown(asks, page)


def surprises(guesses: Mapping[str, Guess], questions: Mapping[str, Question]) -> list[str]:
    """A line for each question that was answered, and not as it was guessed."""
    return [
        f"{question.about}: {question.right} (you said: {question.in_words(said)})"
        for question, said in _answered(guesses, questions)
        if not question.is_right(said)
    ]


def summary(guesses: Mapping[str, Guess], questions: Mapping[str, Question]) -> Shown:
    """How many of a lesson's questions went as predicted, and which did not."""
    lines = surprises(guesses, questions)
    guessed = len(_answered(guesses, questions))
    if not guessed:
        text = (
            "No guesses are kept in this lesson. Make some next time: what surprises you is what you learn."
        )
        return Shown(text, f"<p>{text}</p>")
    right = guessed - len(lines)
    head = f"{right} of {guessed} as you predicted"
    if guessed < len(questions):
        head += f" ({len(questions) - guessed} without a guess)"
    if not lines:
        text = f"{head}: nothing here surprised you."
        return Shown(text, f"<p>{text}</p>")
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    return Shown(
        "\n".join([f"{head}. What surprised you:", *(f"  - {line}" for line in lines)]),
        f"<p>{head}. What surprised you:</p><ul>{items}</ul>",
    )


def _answered(guesses: Mapping[str, Guess], questions: Mapping[str, Question]) -> list[tuple[Question, Said]]:
    return [
        (question, guess.said)
        for name, question in questions.items()
        if (guess := guesses.get(name)) and guess.answered and question.accepts(guess.said)
    ]
