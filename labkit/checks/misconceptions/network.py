"""Mistakes in SimpleNet and in what a network is asked."""

from labkit.checks.misconceptions.chapter import Chapter, Misconception
from labkit.course.syllabus import lesson_of

_LESSON = lesson_of("SimpleNet").capitalize()
_LAYERS = f"{_LESSON}, above the TODO: which layers there are, and what stands between them."

THE_NETWORK = Chapter(
    title="The network",
    why=(
        "One network serves all timesteps, so it must be told which one it looks at, and by every "
        "layer: what counts as noise in x_t is another thing at t = 5 than at t = 900. A network of "
        "plain layers learns the average over all t and draws a blur. Activations stand between layers "
        "and not behind the last one, since the network has to reach any number, negative ones too."
    ),
    mistakes={
        "relu_for_silu": Misconception("The activation is ReLU; it should be SiLU.", _LAYERS),
        "gelu_for_silu": Misconception("The activation is GELU; it should be SiLU.", _LAYERS),
        "tanh_for_silu": Misconception("The activation is tanh; it should be SiLU.", _LAYERS),
        "sigmoid_for_silu": Misconception(
            "The activation is a sigmoid; it should be SiLU.", "SiLU(x) is x · sigmoid(x)."
        ),
        "leaky_relu_for_silu": Misconception("The activation is a leaky ReLU; it should be SiLU.", _LAYERS),
        "elu_for_silu": Misconception("The activation is ELU; it should be SiLU.", _LAYERS),
        "softplus_for_silu": Misconception("The activation is softplus; it should be SiLU.", _LAYERS),
        "no_activation": Misconception(
            "There is no activation between the layers.",
            "Without one, the answer at each t is a flat plane over x, however many layers there are.",
        ),
        "activation_after_last": Misconception(
            "There is an activation after the last layer too.",
            "Could the network still predict every number?",
        ),
        "activation_on_input": Misconception(
            "The input goes through an activation before the first layer.", _LAYERS
        ),
        "activation_missing_once": Misconception("One of the hidden layers has no activation.", _LAYERS),
        "activation_twice": Misconception("The activation is applied twice.", _LAYERS),
        "missing_last_layer": Misconception(
            "The layer that leads to dim_out is missing.",
            "Write the sizes in a row: each layer joins two neighbours.",
        ),
        "plain_linear_layers": Misconception(
            "Some layers are plain nn.Linear and do not know the time.",
            "Time must enter every layer: that is what TimeLinear is for.",
        ),
        "time_ignored": Misconception(
            "The layers do not get the `t` that the network got.", "Pass `t` on unchanged."
        ),
        "network_without_t": Misconception("The network is called without t.", "Give it `t` beside x_t."),
        "network_gets_no_tensor": Misconception(
            "The network gets something that is not a tensor.",
            "`add_noise` returns two things, x_t and the noise: take them apart first.",
        ),
        "network_gets_other_shape": Misconception(
            "The network gets samples that do not have the shape of x_t.",
            "Print the shapes of `x_t` and of what you hand to the network.",
        ),
        "calls_in_a_circle": Misconception(
            "The steps call each other without end.", "One of them has to compute the mean by itself."
        ),
        "time_scaled": Misconception(
            "The time is changed before the layers get it.", "Pass `t` on unchanged."
        ),
        "missing_hidden_layer": Misconception(
            "There are too few layers.", "How many layers do the sizes dim_in → dim_hids → dim_out make?"
        ),
        "wrong_widths": Misconception(
            "The layers have the wrong sizes.", "Write the sizes in a row: each layer joins two neighbours."
        ),
        "layers_not_registered": Misconception(
            "PyTorch does not see your layers, so it would never train them.",
            "Keep layers in an nn.ModuleList, not in a list.",
        ),
        "weights_frozen": Misconception(
            "Some weights would never be trained.", "Every weight of a TimeLinear layer is to be learned."
        ),
        "residual_connection": Misconception(
            "An input is added to an output.", "What a layer returns takes the place of what went in."
        ),
        "extra_layers": Misconception("Nothing but TimeLinear layers and SiLU is asked for.", _LAYERS),
    },
)
