"""Mistakes in a step of training, and in the moving average of the weights."""

from labkit.checks.misconceptions.chapter import Chapter, Misconception
from labkit.course.syllabus import lesson_of

_LESSON = lesson_of("train_step")
_SHARES = (
    f"{_LESSON.capitalize()}: which part of the old average stays, and which part of the network comes in?"
)
_ORDER = f"{_LESSON.capitalize()} lists what happens in a step, in this order."

THE_MOVING_AVERAGE = Chapter(
    title="The moving average of the weights",
    why=(
        "The average is a second network with the same layers. After each step of training every one of its "
        "weights moves a little towards the network's: most of the old average stays, a small rest comes "
        "from the network, and the two shares add up to 1. So what the network was n steps ago still counts, "
        "by a share that shrinks with every step. None of this is learned: no gradient flows through it, or "
        "every step would keep all steps before it in memory."
    ),
    mistakes={
        "average_unchanged": Misconception(
            "The average does not change.",
            "A sum makes a new tensor. Which functions write into the tensor that is already there?",
        ),
        "average_swapped": Misconception("The two shares of the average are swapped.", _SHARES),
        "average_shares": Misconception("The two shares of the average do not add up to 1.", _SHARES),
        "average_copies_network": Misconception(
            "The average is a copy of the network: its past is lost.", _SHARES
        ),
        "average_in_graph": Misconception(
            "The average keeps the history of its computation.",
            "It should be computed without gradients: else every step holds all steps before it in memory.",
        ),
        "decay_ignored": Misconception(
            "Your code uses a decay of its own, not the one it is given.",
            "Take it from the argument `decay`.",
        ),
        "decay_as_condition": Misconception(
            "The ends of decay, 0 and 1, are not treated like the numbers between them.",
            "A decay of 0 is a number too; `if decay` takes it for False.",
        ),
        "some_weights_left": Misconception(
            "Some weights of the average are left as they were.",
            "Does your loop reach all of `parameters()`? A `return` inside a loop ends it.",
        ),
        "buffers_left": Misconception(
            "The buffers of the average are left as they were.", "Look for `buffers()` in the docstring."
        ),
        "buffers_averaged": Misconception(
            "The buffers are averaged; they should be copied.",
            "A buffer may be a counter, and half a count makes no sense. A `state_dict` holds buffers too.",
        ),
        "network_changed": Misconception(
            "The network itself is changed by the update of the average.",
            "Which of the two should be written into?",
        ),
    },
)

A_STEP_OF_TRAINING = Chapter(
    title="A step of training",
    why=(
        "`backward` computes the gradient of a loss and *adds* it to what each weight keeps in `.grad`; the "
        "optimizer reads `.grad` and moves the weights. So the order counts: old gradients go before the new "
        "ones come, and the step comes after them. The average follows last, when the weights are those of "
        "this step. What is returned is a number to look at: with its history it would keep the whole "
        "step in memory."
    ),
    mistakes={
        "gradients_add_up": Misconception(
            "The gradients of all steps so far add up.",
            "`backward` adds to the gradients that are there. Who clears them?",
        ),
        "gradients_cleared": Misconception(
            "The gradients are cleared before the optimizer has used them.", _ORDER
        ),
        "step_before_backward": Misconception(
            "The optimizer makes its step before the gradient of this batch is there.", _ORDER
        ),
        "backward_missing": Misconception("No gradient is computed.", _ORDER),
        "step_missing": Misconception("The optimizer makes no step.", _ORDER),
        "stepped_twice": Misconception(
            "The optimizer makes more than one step.", "How many steps should one batch be worth?"
        ),
        "optimizer_bypassed": Misconception(
            "The weights are moved, but not by the optimizer that was given.",
            "The optimizer knows the learning rate, and remembers earlier steps: let it do its work.",
        ),
        "loss_asked_again": Misconception(
            "The loss is computed more than once.",
            "Each call draws new noise, and costs as much as the step itself: keep what the first one gave.",
        ),
        "loss_not_asked": Misconception("The loss is never computed.", _ORDER),
        "loss_of_the_average": Misconception(
            "The loss is that of the average.",
            "Which of the two networks learns, and which one only follows?",
        ),
        "loss_keeps_its_graph": Misconception(
            "The loss is returned together with the history of its computation.",
            "Whoever collects such losses keeps every step in memory: `detach` it.",
        ),
        "average_left_out": Misconception("The average is not updated.", _ORDER),
        "average_before_step": Misconception("The average is updated before the weights have moved.", _ORDER),
        "average_gets_other_arguments": Misconception(
            "`ema_update` does not get the arguments that the step got.",
            "Its docstring says in which order it takes them.",
        ),
        "average_updated_twice": Misconception(
            "The average is updated more than once.", "How often does a step of training move it?"
        ),
    },
)
