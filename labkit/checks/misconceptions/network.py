"""Mistakes in SimpleNet and in what a network is asked."""

from labkit.checks.misconceptions.chapter import Chapter, Misconception
from labkit.course.syllabus import lesson_of

_LESSON = lesson_of("SimpleNet").capitalize()
_LAYERS = f"{_LESSON}, above the TODO: which layers there are, and what stands between them."

_ACTIVATION_TEMPTS = "Many activations look alike, and a network trains with any of them."
_LOOP_TEMPTS = (
    "A loop over the layers treats all of them alike, and it takes a line more to make an exception of one."
)
_SIZES_TEMPTS = "`dim_hids` names layers, so a loop over it seems to be all of them."

THE_NETWORK = Chapter(
    title="The network",
    why=(
        "One network serves all timesteps, so it must be told which one it looks at (here every layer "
        "is told, which works better than once): what counts as noise in x_t is another thing at t = "
        "5 than at t = 900. A network of "
        "plain layers learns the average over all t and draws a blur. Activations stand between layers "
        "and not behind the last one, since the network has to reach any number, negative ones too."
    ),
    mistakes={
        "relu_for_silu": Misconception(
            "The activation is ReLU; it should be SiLU.", _LAYERS, _ACTIVATION_TEMPTS
        ),
        "gelu_for_silu": Misconception(
            "The activation is GELU; it should be SiLU.", _LAYERS, _ACTIVATION_TEMPTS
        ),
        "tanh_for_silu": Misconception(
            "The activation is tanh; it should be SiLU.", _LAYERS, _ACTIVATION_TEMPTS
        ),
        "sigmoid_for_silu": Misconception(
            "The activation is a sigmoid; it should be SiLU.",
            "SiLU(x) is x · sigmoid(x).",
            "The sigmoid is a part of SiLU, and the part with the better known name.",
        ),
        "leaky_relu_for_silu": Misconception(
            "The activation is a leaky ReLU; it should be SiLU.", _LAYERS, _ACTIVATION_TEMPTS
        ),
        "elu_for_silu": Misconception(
            "The activation is ELU; it should be SiLU.", _LAYERS, _ACTIVATION_TEMPTS
        ),
        "softplus_for_silu": Misconception(
            "The activation is softplus; it should be SiLU.", _LAYERS, _ACTIVATION_TEMPTS
        ),
        "no_activation": Misconception(
            "There is no activation between the layers.",
            "Without one, the answer at each t is a flat plane over x, however many layers there are.",
            "The layers are what has names and weights; the code runs and learns without anything between "
            "them.",
        ),
        "activation_after_last": Misconception(
            "There is an activation after the last layer too.",
            "Could the network still predict every number?",
            _LOOP_TEMPTS,
        ),
        "activation_on_input": Misconception(
            "The input goes through an activation before the first layer.", _LAYERS, _LOOP_TEMPTS
        ),
        "activation_missing_once": Misconception(
            "One of the hidden layers has no activation.", _LAYERS, _LOOP_TEMPTS
        ),
        "activation_twice": Misconception(
            "The activation is applied twice.",
            _LAYERS,
            "One was written into the layers, the other into the loop, on different days.",
        ),
        "missing_last_layer": Misconception(
            "The layer that leads to dim_out is missing.",
            "Write the sizes in a row: each layer joins two neighbours.",
            _SIZES_TEMPTS,
        ),
        "plain_linear_layers": Misconception(
            "Some layers are plain nn.Linear and do not know the time.",
            "Time must enter every layer: that is what TimeLinear is for.",
            "`nn.Linear` is the layer that everybody knows, and one layer that hears the time seems to be "
            "enough.",
        ),
        "time_ignored": Misconception(
            "The layers do not get the `t` that the network got.",
            "Pass `t` on unchanged.",
            "The code runs with any t, and the loss falls all the same.",
        ),
        "network_without_t": Misconception(
            "The network is called without t.",
            "Give it `t` beside x_t.",
            "A network in other courses takes x alone.",
        ),
        "network_gets_no_tensor": Misconception(
            "The network gets something that is not a tensor.",
            "`add_noise` returns two things, x_t and the noise: take them apart first.",
            "A function that returns two things is handed on as if it returned one.",
        ),
        "network_gets_other_shape": Misconception(
            "The network gets samples that do not have the shape of x_t.",
            "Print the shapes of `x_t` and of what you hand to the network.",
            "Another layer or another course wants the axes in another order, and a batch of the same "
            "size hides it.",
        ),
        "calls_in_a_circle": Misconception(
            "The steps call each other without end.",
            "One of them has to compute the mean by itself.",
            "From each prediction the others follow, so each step may leave the work to the next.",
        ),
        "time_scaled": Misconception(
            "The time is changed before the layers get it.",
            "Pass `t` on unchanged.",
            "Other models take a time between 0 and 1, and other papers count from 1.",
        ),
        "missing_hidden_layer": Misconception(
            "There are too few layers.",
            "How many layers do the sizes dim_in → dim_hids → dim_out make?",
            _SIZES_TEMPTS,
        ),
        "wrong_widths": Misconception(
            "The layers have the wrong sizes.",
            "Write the sizes in a row: each layer joins two neighbours.",
            "The lesson's network has three layers of one width, so any of its sizes will do.",
        ),
        "layers_not_registered": Misconception(
            "PyTorch does not see your layers, so it would never train them.",
            "Keep layers in an nn.ModuleList, not in a list.",
            "A list of layers works when it is called: `forward` does not ask who owns the weights.",
        ),
        "weights_frozen": Misconception(
            "Some weights would never be trained.",
            "Every weight of a TimeLinear layer must be trainable (`requires_grad`).",
            "A weight that is set up by hand looks finished, and a network with one fixed layer learns "
            "something still.",
        ),
        "residual_connection": Misconception(
            "An input is added to an output.",
            "What a layer returns takes the place of what went in.",
            "Image networks do it, and it helps them to train.",
        ),
        "extra_layers": Misconception(
            "Nothing but TimeLinear layers and SiLU is asked for.",
            _LAYERS,
            "Other networks have them, and more seems to be better.",
        ),
    },
)
