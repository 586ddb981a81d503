"""Mistakes that have nothing to do with diffusion, and those of figures and training runs."""

from labkit.checks.misconceptions.chapter import Chapter, Misconception
from labkit.course.syllabus import lesson_of

_OUTSIDE_TEMPTS = (
    "The lesson makes a schedule above the cell, and its name is right there: within this notebook both "
    "are the same object."
)

THE_ANSWER_ITSELF = Chapter(
    title="The answer itself",
    why=(
        "Before numbers can be compared there must be some: a function that is there, runs to its end, "
        "and returns what its docstring names. Many mistakes here have one cause: **an answer must "
        "use only its arguments**. Training calls it with other batches, sampling with other "
        "schedules, the "
        "next lesson with images in place of points. Whatever is read from the notebook around it, "
        "written into the caller's tensors, or typed in as a number works once, by luck."
    ),
    mistakes={
        "missing": Misconception(
            "The answer is not there.",
            "Run the notebook's cells from the top.",
            "A notebook shows the cell, so it looks as if Python knew it; it knows only what has run.",
        ),
        "empty": Misconception(
            "A line `raise NotImplementedError` is still in your code.",
            "Write your code in its place, run its cell, then run the check again.",
            "The line stands below the comment that you wrote over, and is soon overlooked.",
        ),
        "stale": Misconception(
            "Your last change did not run: its cell stopped with an error.",
            "Repair that cell, run it, then check again.",
            "After an error the old version is still in memory, so that later cells run and seem to use "
            "the new one.",
        ),
        "untrained": Misconception(
            "There is no trained model yet.",
            "Run the training cell to its end, then this one.",
            "Training takes longer than all other cells, and the cells below it can be run without waiting.",
        ),
        "raised": Misconception(
            "Your code stopped with an error.",
            "Run the line by itself, with small inputs.",
            "One right line after the other can still stop: shapes, devices and names are found out only "
            "when they run.",
        ),
        "if_of_a_batch": Misconception(
            "An `if` got a whole batch: `t` holds one timestep for each sample, and `if` needs one answer.",
            "In a step of sampling all of `t` is equal: ask `t[0]`. Elsewhere let a factor, or "
            "`torch.where`, choose for each sample.",
            "For one timestep the line is right, and a notebook is tried with one. PyTorch asks only when "
            "there are several.",
        ),
        "missing_broadcast": Misconception(
            "One number for each sample, as `table[t]` gives them, does not fit the shape of the batch.",
            "`extract(table, t, x)` gives a shape that fits x. Where all of `t` is equal, `table[t[0]]` "
            "fits too.",
            "For points and a single sample the shapes happen to fit, and `table[t]` reads just like the "
            "formula.",
        ),
        "endless": Misconception(
            "Your code did not finish in time.",
            "Does each loop end? If so: one operation on a whole batch is faster than a loop over samples.",
            "A loop over samples says just what the formula says for one of them, and with three samples "
            "nobody notices the time.",
        ),
        "helper_called_otherwise": Misconception(
            "An earlier answer is not called in the way that its docstring says.",
            "Use the arguments of its docstring. If yours has others, run the cell that defines it first.",
            "You wrote that function, so you know that it takes one argument more. Who reads its "
            "docstring does not.",
        ),
        "returns_none": Misconception(
            "Nothing is returned.",
            "Every way through a function needs a `return`: also inside each `if`.",
            "The numbers are all there, in a variable, and a notebook shows the last line of a cell "
            "without being asked; a function does not.",
        ),
        "returns_tuple": Misconception(
            "A tuple is returned.",
            "Return the one tensor that the docstring names.",
            "The other thing was at hand and may be of use later.",
        ),
        "returns_list": Misconception(
            "A list is returned.",
            "Return the one tensor that the docstring names.",
            "A list of all steps is what one wants to look at, and its last entry is near.",
        ),
        "returns_other": Misconception(
            "What is returned has the wrong type.",
            "Compare it with the types in the docstring.",
            "It prints the same numbers, or is one call away from what was asked for.",
        ),
        "wrong_shape": Misconception(
            "The result has the wrong shape.",
            "Call it yourself in a new cell, and print the shapes.",
            "Broadcasting makes some shape out of nearly any two, without a word.",
        ),
        "wrong_dtype": Misconception(
            "The result holds no floating-point numbers.",
            "Call it yourself in a new cell, and print the dtypes.",
            "Whole numbers that went in stay whole numbers until something divides them.",
        ),
        "changes_its_input": Misconception(
            "Your code changes its input in place.",
            "+= and functions with a final underscore write into the caller's tensor; "
            "`a * b` makes a new one.",
            "`x *= a` is shorter than `x = x * a`, and the result is the same; only the caller sees the "
            "difference.",
        ),
        "reads_global": Misconception(
            "Your code reads a schedule from outside instead of its argument `schedule`.",
            "Use only the arguments: the function will be called with other schedules.",
            _OUTSIDE_TEMPTS,
        ),
        "hardcoded_timesteps": Misconception(
            "The number of timesteps is written into your code.",
            "Take T from the arguments: it can be any number.",
            "T is 1,000 in the paper, in the lesson and in every figure.",
        ),
        "network_not_asked": Misconception(
            "The network is never called.",
            "Which equation needs its answer?",
            "The noise is known where the code is written, so there seems to be nothing left to ask.",
        ),
        "not_finite": Misconception(
            "There are NaN or infinite numbers.",
            "Look for a division by zero, or the root of a negative number.",
            "The formula is right at every t but one, and that one stands at the end of a table.",
        ),
        "calls_backward": Misconception(
            "Your loss function calls `backward` itself.",
            "Return the loss; `fit` does the rest.",
            "In most tutorials `backward` stands in the line after the loss.",
        ),
        "lessons_schedule": Misconception(
            "Your code uses the lesson's schedule, whatever schedule it is given.",
            "Use only the arguments: the function will be called with other schedules.",
            _OUTSIDE_TEMPTS,
        ),
        "assumes_linear_schedule": Misconception(
            "Your code assumes that the betas lie on a straight line.",
            "Read the schedule's own tables; others are not linear.",
            "The lessons' schedule is a line, and two ends and T are enough to draw it again.",
        ),
        "clamped": Misconception(
            "Values are clipped to an interval.",
            "Clean pixels lie in [−1, 1]; points and noisy images may lie outside.",
            "Most code on the web is for images, and clips.",
        ),
        "detached": Misconception(
            "The result carries no gradient.",
            "`.item()`, `.detach()` and `torch.no_grad()` cut the gradient off.",
            "`.item()` is how a loss is printed, and `no_grad` makes other code faster; the number that "
            "comes out is the same.",
        ),
    },
)

FIGURES_AND_TRAINING_RUNS = Chapter(
    title="Figures and training runs",
    why=(
        "A figure and a trained network are answers too, and are judged by what they show: fresh draws, "
        "fresh faces, unseen noise. They go wrong where an answer that they rest on is wrong, or where "
        "a run was cut short or made with another answer than the one in the notebook. Begin with the "
        "earlier checks."
    ),
    mistakes={
        "hardly_trained": Misconception(
            "A network has learned next to nothing.",
            f"Do the checks of {lesson_of('add_noise')} and {lesson_of('step')} say right? Then delete its "
            "folder in results/ and train again.",
            "A run that was stopped early leaves weights that look like all others.",
        ),
        "copied_data": Misconception(
            "What is judged was not drawn by the network: it is the data.",
            "Sampling starts from noise alone: no training image may help it.",
            "The best picture there is lies next to the samples, in the data.",
        ),
        "no_faces": Misconception(
            "What is drawn is too far from the faces.",
            f"Look at the samples in {lesson_of('predictors')}: does another of your runs draw better ones?",
            "One's own samples are compared with earlier ones, which were worse.",
        ),
        "figure_off": Misconception(
            "The points in the pictures are not drawn from q(x_t | x_0).",
            'Once `check("q_sample")` says right, run the figure\'s cell again, then this one.',
            "A figure stays as it was when the function that it is made with is changed.",
        ),
        "figure_changed": Misconception(
            "The figure's cell was changed.",
            "Take the cell from a fresh copy of the notebook.",
            "A cell that only draws seems to be free to be changed.",
        ),
    },
)
