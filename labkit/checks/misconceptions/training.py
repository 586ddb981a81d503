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
            "`average = decay * average + …` reads like an update; it gives the name to a new tensor and "
            "leaves the weights.",
        ),
        "average_swapped": Misconception(
            "The two shares of the average are swapped.",
            _SHARES,
            "`decay` sounds like the share that goes. Here it is the share that stays.",
        ),
        "average_shares": Misconception(
            "The two shares of the average do not add up to 1.",
            _SHARES,
            "Two numbers are typed in the place of one: change one, and the other no longer fits.",
        ),
        "average_copies_network": Misconception(
            "The average is a copy of the network: its past is lost.",
            _SHARES,
            "At the start of training, average and network are nearly the same, and nobody sees a "
            "difference.",
        ),
        "average_in_graph": Misconception(
            "The average keeps the history of its computation.",
            "It should be computed without gradients: else every step holds all steps before it in memory.",
            "The numbers are right. Only the memory grows, step by step, until a long training stops.",
        ),
        "decay_ignored": Misconception(
            "Your code uses a decay of its own, not the one it is given.",
            "Take it from the argument `decay`.",
            "A good value such as 0.999 is known from papers, and is typed in while trying.",
        ),
        "decay_as_condition": Misconception(
            "The ends of decay, 0 and 1, are not treated like the numbers between them.",
            "A decay of 0 is a number too; `if decay` takes it for False.",
            "`if decay:` reads like “if there is a decay”.",
        ),
        "some_weights_left": Misconception(
            "Some weights of the average are left as they were.",
            "Does your loop reach all of `parameters()`? A `return` inside a loop ends it.",
            "Weights and biases are written down one by one, and one kind is forgotten.",
        ),
        "buffers_left": Misconception(
            "The buffers of the average are left as they were.",
            "Look for `buffers()` in the docstring.",
            "`parameters()` sounds like all that a network holds. Many networks have no buffers, and "
            "nothing is missing there.",
        ),
        "buffers_averaged": Misconception(
            "The buffers are averaged; they should be copied.",
            "A buffer may be a counter, and half a count makes no sense. A `state_dict` holds buffers too.",
            "A `state_dict` holds both kinds, and one line for all of it is the shortest.",
        ),
        "network_changed": Misconception(
            "The network itself is changed by the update of the average.",
            "Which of the two should be written into?",
            "Two networks of the same kind are handed over, and in-place functions write into whatever "
            "stands before the dot.",
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
            "After one step all is right; the error begins with the second.",
        ),
        "gradients_cleared": Misconception(
            "The gradients are cleared before the optimizer has used them.",
            _ORDER,
            "`zero_grad` belongs into every step, and any place in it looks as good as another.",
        ),
        "step_before_backward": Misconception(
            "The optimizer makes its step before the gradient of this batch is there.",
            _ORDER,
            "The first call does nothing, the later ones do something with old gradients, and the loss "
            "falls all the same.",
        ),
        "backward_missing": Misconception(
            "No gradient is computed.",
            _ORDER,
            "All lines run without it: the optimizer just has nothing to do.",
        ),
        "step_missing": Misconception(
            "The optimizer makes no step.",
            _ORDER,
            "`backward` does the hard work, and seems to be the training.",
        ),
        "stepped_twice": Misconception(
            "The optimizer makes more than one step.",
            "How many steps should one batch be worth?",
            "Two steps for one batch seem to be twice the training.",
        ),
        "optimizer_bypassed": Misconception(
            "The weights are moved, but not by the optimizer that was given.",
            "The optimizer knows the learning rate, and remembers earlier steps: let it do its work.",
            "`w -= lr * w.grad` is what every book shows first, and for plain SGD it is the same.",
        ),
        "gradients_changed": Misconception(
            "The optimizer does not get the gradients of the loss as they are.",
            "Clipping them helps some trainings; here nothing is asked for between `backward` and `step`.",
            "Many training loops limit the gradient's norm, and the line comes along when one is copied.",
        ),
        "loss_asked_again": Misconception(
            "The loss is computed more than once.",
            "Each call draws new noise, and takes about a third of the time of a step: keep what the "
            "first one gave.",
            "Asking once more for the number to return is the shortest line.",
        ),
        "loss_not_asked": Misconception(
            "The loss is never computed.", _ORDER, "A batch is in hand, and `mse_loss` close by."
        ),
        "loss_of_the_average": Misconception(
            "The loss is that of the average.",
            "Which of the two networks learns, and which one only follows?",
            "The average draws the better samples, so it seems to be the network that counts.",
        ),
        "loss_keeps_its_graph": Misconception(
            "The loss is returned together with the history of its computation.",
            "Whoever collects such losses keeps every step in memory: `detach` it.",
            "What is printed looks the same with and without its history.",
        ),
        "average_left_out": Misconception(
            "The average is not updated.", _ORDER, "The network learns without it; only the samples tell."
        ),
        "average_before_step": Misconception(
            "The average is updated before the weights have moved.",
            _ORDER,
            "Both lines are there, and after a thousand steps one step of delay is not to be seen.",
        ),
        "average_gets_other_arguments": Misconception(
            "`ema_update` does not get the arguments that the step got.",
            "Its docstring says in which order it takes them.",
            "Two networks without names stand in a row.",
        ),
        "average_updated_twice": Misconception(
            "The average is updated more than once.",
            "How often does a step of training move it?",
            "A second call, left over from trying, does not stop anything.",
        ),
    },
)
