"""The mistakes that a check knows by name: what was done, and what to look at again.

No text gives the answer away: each says which idea went wrong and where the lesson explains it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Misconception:
    """A mistake in a sentence, and a hint at what to read."""

    text: str
    hint: str


_LESSON_1 = "Lesson 01 shows how the layers follow one another."
_JUMP = "Compare with the formula of q(x_t | x_0) in lesson 02 (for images: 05), symbol by symbol."
_STEP = "Compare with the reverse step in lesson 03 (for images: 06), symbol by symbol."
_PREDICTORS = "Lesson 06 shows what each predictor's answer stands for, and how one follows from another."
_RANGE = "Lesson 06: which quantity is known to lie between −1 and 1, and which is not?"
_DISPATCH = "`step` only hands its arguments on, as they came, and hands back what it gets (lesson 06)."
_INDEX = "Timesteps are counted from 0 to T − 1 here; many papers count from 1 to T."
_LOOP = "Follow one sample through your loop with T = 3, on paper."
_LOSS = "Compare with the training loss in lesson 04 (images: 06): what is drawn, goes in, comes out."
_MEAN = "Compare with the posterior's mean in lesson 06, symbol by symbol."
_COSINE = "Compare with the definition of the cosine schedule in lesson 05, symbol by symbol."
_CLIP = "Lesson 05 says between which bounds the betas of the cosine schedule lie."
_NOISE = "`torch.randn_like` draws one standard normal number for each number of a tensor."

MISCONCEPTIONS: dict[str, Misconception] = {
    # The answer itself
    "missing": Misconception("The answer is not there.", "Run the notebook's cells from the top."),
    "empty": Misconception(
        "A line `raise NotImplementedError` is still in your code.",
        "Write your code in its place, run its cell, then run the check again.",
    ),
    "stale": Misconception(
        "Your last change did not run: its cell stopped with an error.",
        "Repair that cell, run it, then check again.",
    ),
    "untrained": Misconception(
        "There is no trained model yet.", "Run the training cell to its end, then this one."
    ),
    "raised": Misconception("Your code stopped with an error.", "Run the line by itself, with small inputs."),
    "endless": Misconception("Your code does not come to an end.", "Look at what ends each loop."),
    "returns_none": Misconception("Nothing is returned.", "A function without `return` gives None."),
    "returns_tuple": Misconception("A tuple is returned.", "Return the one tensor that the docstring names."),
    "returns_list": Misconception("A list is returned.", "Return the one tensor that the docstring names."),
    "returns_other": Misconception(
        "The answer is of another type than asked.", "Look at the docstring's types."
    ),
    "wrong_shape": Misconception(
        "The result has another shape than asked.", "Call it yourself in a new cell, and print the shapes."
    ),
    "wrong_dtype": Misconception(
        "The result holds no floating-point numbers.", "Call it yourself in a new cell, and print the dtypes."
    ),
    "changes_its_input": Misconception(
        "Your code changes its input in place.",
        "Functions ending in an underscore, and +=, write into the caller's tensor.",
    ),
    "reads_global": Misconception(
        "Your code reads a schedule from the notebook instead of its argument `schedule`.",
        "Use only the arguments: the function will be called with other schedules.",
    ),
    "hardcoded_timesteps": Misconception(
        "A number of timesteps is written into your code.", "Take it from the arguments: T can be anything."
    ),
    "network_not_asked": Misconception("The network is never called.", "Which equation needs its answer?"),
    "not_finite": Misconception(
        "There are NaN or infinite numbers.", "Look for a division by zero, or the root of a negative number."
    ),
    "calls_backward": Misconception(
        "The loss runs backward itself.", "Return the loss; `fit` does the rest."
    ),
    "lessons_schedule": Misconception(
        "Your code uses the lesson's schedule, whatever schedule it is given.",
        "Use only the arguments: the function will be called with other schedules.",
    ),
    "assumes_linear_schedule": Misconception(
        "Your code takes the betas for a straight line.",
        "Read the schedule's own tables; others are not linear.",
    ),
    "clamped": Misconception(
        "Values are clipped to an interval.", "Pixels live in one; points and noisy images do not."
    ),
    "detached": Misconception(
        "The result carries no gradient.", "`.item()`, `.detach()` and `torch.no_grad()` cut the network off."
    ),
    # Time
    "off_by_one_t": Misconception("The schedule is read at a neighbouring timestep.", _INDEX),
    "reversed_t": Misconception("The schedule is read from its end: t runs the wrong way.", _INDEX),
    "one_time_for_batch": Misconception(
        "All samples of a batch get the timestep of one of them.", "t has shape [B]: each sample has its own."
    ),
    # Noise
    "no_noise_drawn": Misconception("No noise is drawn.", _NOISE),
    "uniform_noise": Misconception(
        "The noise is uniform, not Gaussian.", "`torch.rand` and `torch.randn` differ by more than a letter."
    ),
    "shared_noise": Misconception("All samples of a batch share one draw of noise.", _NOISE),
    "noise_shared_by_coordinates": Misconception(
        "All coordinates of a sample share one draw of noise.", _NOISE
    ),
    "noise_shared_by_pixels": Misconception("All pixels of an image share one draw of noise.", _NOISE),
    "noise_shared_by_channels": Misconception("All channels of a pixel share one draw of noise.", _NOISE),
    "noise_scaled": Misconception(
        "The noise has the wrong strength.", "Which standard deviation does the formula ask for?"
    ),
    "noise_off_centre": Misconception("The noise does not have mean zero.", _NOISE),
    "noise_not_independent": Misconception("The noise is not drawn independently.", _NOISE),
    "fixed_seed": Misconception(
        "Every call draws the same random numbers.",
        "Seed a generator once, outside; never inside the function.",
    ),
    # SimpleNet
    "relu_for_silu": Misconception("The activation is ReLU; it should be SiLU.", _LESSON_1),
    "gelu_for_silu": Misconception("The activation is GELU; it should be SiLU.", _LESSON_1),
    "tanh_for_silu": Misconception("The activation is tanh; it should be SiLU.", _LESSON_1),
    "sigmoid_for_silu": Misconception(
        "The activation is a sigmoid; it should be SiLU.", "SiLU(x) is x · sigmoid(x)."
    ),
    "leaky_relu_for_silu": Misconception("The activation is a leaky ReLU; it should be SiLU.", _LESSON_1),
    "elu_for_silu": Misconception("The activation is ELU; it should be SiLU.", _LESSON_1),
    "softplus_for_silu": Misconception("The activation is softplus; it should be SiLU.", _LESSON_1),
    "no_activation": Misconception(
        "There is no activation between the layers.", "Without one, the layers could be merged."
    ),
    "activation_after_last": Misconception(
        "There is an activation after the last layer too.", "Could the network still predict every number?"
    ),
    "activation_on_input": Misconception(
        "The input goes through an activation before the first layer.", _LESSON_1
    ),
    "activation_missing_once": Misconception("Some hidden layer has no activation.", _LESSON_1),
    "activation_twice": Misconception("The activation is applied twice.", _LESSON_1),
    "missing_last_layer": Misconception(
        "The layer that leads to dim_out is missing.",
        "Write the sizes in a row: each layer joins two neighbours.",
    ),
    "plain_linear_layers": Misconception(
        "Some layers are plain nn.Linear and do not know the time.",
        "Time must enter every layer: that is what TimeLinear is for.",
    ),
    "time_ignored": Misconception(
        "The layers do not get the time that was asked about.", "Pass `t` on as it came."
    ),
    "network_without_t": Misconception("The network is called without t.", "Give it `t` beside x_t."),
    "network_gets_no_tensor": Misconception(
        "The network is given something else than a tensor.",
        "`add_noise` returns two things, x_t and the noise: take them apart first.",
    ),
    "calls_in_a_circle": Misconception(
        "The steps call one another without end.", "One of them has to compute the mean by itself."
    ),
    "time_scaled": Misconception("The time is changed before the layers get it.", "Pass `t` on as it came."),
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
    "residual_connection": Misconception("A layer's input is added to its output.", _LESSON_1),
    "extra_layers": Misconception("There are layers that nobody asked for.", _LESSON_1),
    # q_sample
    "alphas_for_alphas_cumprod": Misconception(
        "You used α_t (`alphas`) where ᾱ_t (`alphas_cumprod`) belongs.",
        "One is a single step, the other the whole way from x_0.",
    ),
    "betas_for_alphas_cumprod": Misconception(
        "You used β_t (`betas`) where ᾱ_t (`alphas_cumprod`) belongs.", _JUMP
    ),
    "alphas_cumprod_prev_for_alphas_cumprod": Misconception(
        "You used ᾱ_{t−1} (`alphas_cumprod_prev`) where ᾱ_t (`alphas_cumprod`) belongs.", _INDEX
    ),
    "one_steps_noise": Misconception(
        "The noise is that of one step, √β_t, not of the whole way from x_0.", _JUMP
    ),
    "missing_roots": Misconception(
        "Both square roots are missing.", "Variances add; what multiplies a sample is a standard deviation."
    ),
    "missing_root_signal": Misconception("The factor of x0 lacks its square root.", _JUMP),
    "missing_root_noise": Misconception(
        "The factor of the noise lacks its square root.",
        "Variances add; what multiplies a sample is a standard deviation.",
    ),
    "swapped_coefficients": Misconception(
        "The two factors are swapped.", "At t = 0, should x_t be like x0 or like noise?"
    ),
    "minus_noise": Misconception(
        "The noise is subtracted.",
        "The distribution stays the same, but the network will learn from this very noise.",
    ),
    "noise_ignored": Misconception(
        "The noise that is handed in is not used.", "Draw noise only where none is handed in."
    ),
    "noise_left_out": Misconception("The noise is missing from x_t.", _JUMP),
    "noise_not_scaled": Misconception("The noise is added at full strength at every t.", _JUMP),
    "signal_not_scaled": Misconception("x0 is not scaled down.", _JUMP),
    "signal_left_out": Misconception("x0 is missing from x_t.", _JUMP),
    "cumprod_twice": Misconception(
        "`alphas_cumprod` is multiplied up once more.", "It already is a cumulative product."
    ),
    "iterated_steps": Misconception(
        "One noise is added again at every step.",
        "Either a fresh draw at every step, or one jump with one draw.",
    ),
    "one_minus_root": Misconception("The root is taken before the difference, not of it.", _JUMP),
    # p_sample
    "noise_at_last_step": Misconception(
        "Noise is added at the last step too.",
        "After the step at t = 0 nothing comes that could remove it. Which t is the last?",
    ),
    "no_noise": Misconception(
        "No noise is added at any step.",
        "The reverse step draws from a Gaussian; it does not only move to its mean.",
    ),
    "no_noise_at_t1": Misconception("The step at t = 1 adds no noise.", _INDEX),
    "variance_for_std": Misconception(
        "The noise is multiplied by a variance.",
        "What multiplies a standard normal number is a standard deviation.",
    ),
    "prev_clamped": Misconception(
        "At t = 0, ᾱ_{t−1} is taken as ᾱ_0; it is 1.", "Before any step, all of the signal is there."
    ),
    "alphas_cumprod_for_prev": Misconception("You used ᾱ_t where ᾱ_{t−1} belongs.", _STEP),
    "alphas_cumprod_for_alphas": Misconception(
        "You used ᾱ_t (`alphas_cumprod`) where α_t (`alphas`) belongs.",
        "The reverse step undoes one step, not all of them.",
    ),
    "missing_root_eps": Misconception(
        "The factor of the predicted noise lacks a square root; or the noise was taken off x_t unscaled.",
        _STEP,
    ),
    "missing_root_scale": Misconception("The factor in front of the bracket lacks its square root.", _STEP),
    "missing_scale": Misconception(
        "The factor in front of the bracket is missing.",
        "The forward step shrank x: something must undo that.",
    ),
    "scale_upside_down": Misconception(
        "The factor in front of the bracket is upside down.", "The forward step shrank x: what undoes that?"
    ),
    "scale_on_x_t_only": Misconception("The factor in front of the bracket multiplies x_t alone.", _STEP),
    "scale_on_eps_only": Misconception(
        "The factor in front of the bracket multiplies the predicted noise alone.",
        "What does the bracket hold?",
    ),
    "plus_eps": Misconception(
        "The predicted noise is added.", "Should a step towards the data add the noise that the network sees?"
    ),
    "alphas_for_betas": Misconception("You used α_t where 1 − α_t belongs.", _STEP),
    "root_of_betas": Misconception("You used √β_t where β_t belongs.", _STEP),
    "alphas_cumprod_for_one_minus": Misconception("You used ᾱ_t where 1 − ᾱ_t belongs.", _STEP),
    "eps_not_scaled": Misconception("The whole predicted noise is taken away in one step.", _STEP),
    "network_gets_other_t": Misconception(
        "The network is asked about another t.",
        "Pass `t` on as it came; the network was trained on t = 0 … T − 1.",
    ),
    "network_asked_piecewise": Misconception(
        "The network is asked about parts of the batch.", "Ask it once, about all samples together."
    ),
    "network_gets_other_x": Misconception("The network is asked about something else than x_t.", _STEP),
    "returns_x0": Misconception(
        "The guess at x_0 is returned, not x_{t−1}.", "One call goes one step, not all the way."
    ),
    "returns_eps": Misconception("The network's answer itself is returned.", _STEP),
    "renoised_x0": Misconception(
        "x_{t−1} is drawn by noising a guess at x_0.",
        "The reverse step also uses what x_t says about x_{t−1}.",
    ),
    "ddim_step": Misconception(
        "This is the deterministic step of DDIM.", "A fine sampler, but the lesson asks for DDPM's step."
    ),
    "prev_wraps": Misconception(
        "At t = 0, ᾱ_{t−1} is read at index −1, the end of the table.",
        "Before any step, all of the signal is there.",
    ),
    "prev_zero": Misconception(
        "At t = 0, ᾱ_{t−1} is taken as 0.", "Before any step, all of the signal is there."
    ),
    "swapped_posterior_coefficients": Misconception("The factors of x̂_0 and x_t are swapped.", _STEP),
    "alphas_cumprod_for_betas": Misconception("You used 1 − ᾱ_t where β_t belongs.", _STEP),
    "noise_in_bracket": Misconception("The noise is scaled along with the bracket.", _STEP),
    "noise_missing_at_first_step": Misconception(
        "The step at t = T − 1 adds no noise.", "Which step is the last one?"
    ),
    "betas_missing_in_variance": Misconception("The posterior variance lacks its factor β_t.", _STEP),
    "posterior_variance_inverted": Misconception(
        "The fraction in the posterior variance is upside down.", _STEP
    ),
    # p_sample_loop
    "starts_shifted": Misconception("The start does not have mean zero.", "What is x_T distributed like?"),
    "one_step": Misconception("Only one step is made.", _LOOP),
    "extra_step": Misconception("There are more steps than timesteps.", _LOOP),
    "ignores_shape": Misconception(
        "The samples do not have the shape asked for.", "Start from the argument `shape`."
    ),
    "fresh_x_each_step": Misconception("Each step starts from new noise.", _LOOP),
    "returns_start": Misconception("The noise from the start is returned.", _LOOP),
    "t_differs_in_batch": Misconception("In one step, samples are at different t.", _LOOP),
    "starts_from_zeros": Misconception("The loop starts from a constant.", "What is x_T distributed like?"),
    "starts_from_uniform": Misconception(
        "The loop starts from uniform noise.", "What is x_T distributed like?"
    ),
    "starts_scaled": Misconception(
        "The noise at the start has the wrong strength.", "What is x_T distributed like?"
    ),
    "one_based": Misconception("Timesteps are counted from 1 to T.", _INDEX),
    "stops_before_t0": Misconception("The loop stops before t = 0.", "Where does `range` end?"),
    "skips_last_timestep": Misconception("The loop does not start at t = T − 1.", _INDEX),
    "ascending": Misconception("The loop runs from t = 0 upwards.", "Which t belongs to pure noise?"),
    "strided": Misconception("The loop leaves timesteps out.", _LOOP),
    "t_stuck": Misconception("Every step is made at the same t.", _LOOP),
    "t_scaled": Misconception("The timesteps are scaled.", "Pass t on as integers 0 … T − 1."),
    "t_not_long": Misconception("t is no tensor of integers.", "Give `torch.full` a dtype."),
    "t_not_batched": Misconception(
        "t does not have one entry for each sample.", "The docstring says what shape t has."
    ),
    "other_arguments": Misconception(
        "The steps do not get the arguments of the loop.", "Pass `network` and `schedule` on as they came."
    ),
    "not_updated": Misconception("Every step starts from the same x_T.", _LOOP),
    "returns_previous": Misconception("The result of the last step is lost.", _LOOP),
    "extra_noise": Misconception(
        "The loop adds noise of its own.", "p_sample already adds what belongs there."
    ),
    # step_predict_noise, step_predict_x0, step_predict_mean
    "noise_added_twice": Misconception("The noise is added twice.", "Each step draws from one Gaussian."),
    "net_out_as_noise": Misconception("The network's answer is taken for the noise.", _PREDICTORS),
    "net_out_as_x0": Misconception("The network's answer is taken for x_0.", _PREDICTORS),
    "net_out_as_mean": Misconception("The network's answer is taken for the mean of x_{t−1}.", _PREDICTORS),
    "clips_x_prev": Misconception("x_{t−1} itself is clipped.", _RANGE),
    "clips_mean": Misconception("The mean of x_{t−1} is clipped.", _RANGE),
    "clips_net_out": Misconception("The predicted noise is clipped.", _RANGE),
    "clips_x0_elsewhere": Misconception(
        "x̂_0 is clipped to another interval than that of the images.", "Between which values do pixels lie?"
    ),
    "alphas_for_prev": Misconception("You used α_t where ᾱ_{t−1} belongs.", _STEP),
    "missing_root_prev": Misconception("The factor of x̂_0 lacks a square root.", _STEP),
    "missing_root_alphas": Misconception("The factor of x_t lacks a square root.", _STEP),
    "missing_denominator": Misconception(
        "The factors of x̂_0 and x_t are not divided by anything.", "At t = 0, should x̂_0 come out as it is?"
    ),
    "root_of_denominator": Misconception(
        "The denominator of the posterior mean carries a root that does not belong there.", _STEP
    ),
    "forward_mean": Misconception(
        "This is the mean of q(x_t | x_0), not of x_{t−1}.", "One describes noising; which one undoes a step?"
    ),
    "missing_root_guess": Misconception("What x̂_0 is divided by lacks its square root.", _JUMP),
    "missing_scale_guess": Misconception(
        "x̂_0 is what is left without the noise, not scaled back up.", "What did x_0 become on its way to x_t?"
    ),
    "returns_x_t": Misconception("x_t comes back, whatever the network says.", _STEP),
    "forward_step": Misconception(
        "This adds noise to x_t: a step forward.", "Which way does the reverse process go?"
    ),
    "adds_net_out": Misconception("The network's answer is added to x_t as it is.", _PREDICTORS),
    "subtracts_net_out": Misconception("The network's answer is taken from x_t as it is.", _PREDICTORS),
    "mean_scaled": Misconception(
        "The predicted mean is scaled by the schedule.", "What else would the mean of x_{t−1} need?"
    ),
    "minus_mean": Misconception("The predicted mean is subtracted.", _PREDICTORS),
    # step
    "swapped_predictors": Misconception("The predictors lead to one another's steps.", _DISPATCH),
    "predictor_ignored": Misconception("The predictor makes no difference.", "Which argument should decide?"),
    "other_step_called": Misconception("A predictor leads to another one's step.", _DISPATCH),
    "calls_several": Misconception(
        "More than one step is made, and the wrong one's result comes back.",
        "Follow one call through your `if`s: which of them hold, and which `else` belongs to which?",
    ),
    "step_called_again": Misconception("The step is made more than once.", _DISPATCH),
    "changes_result": Misconception("What the step returned is changed.", _DISPATCH),
    "arguments_in_other_order": Misconception("The step gets its arguments in another order.", _DISPATCH),
    "argument_passed_twice": Misconception("The step gets one argument in the place of another.", _DISPATCH),
    "changes_arguments": Misconception("The step gets other arguments than `step` got.", _DISPATCH),
    "rejects_valid_predictor": Misconception(
        "A valid predictor is taken for an unknown one.", "Compare the names letter by letter, case included."
    ),
    "unknown_predictor_passes": Misconception(
        "An unknown predictor passes without an error.", "What does a typing error in the name lead to?"
    ),
    "unknown_predictor_returns_none": Misconception(
        "An unknown predictor gives None instead of an error.",
        "A function that runs past its last `if` returns None, and printing stops nobody.",
    ),
    "error_without_names": Misconception(
        "The error does not say which predictors there are.",
        "Whoever mistypes a name should read in the error what to type.",
    ),
    # compute_loss
    "t_misses_zero": Misconception("t = 0 is never drawn.", _INDEX),
    "t_misses_last": Misconception("t = T − 1 is never drawn.", "`torch.randint` leaves its upper end out."),
    "t_not_uniform": Misconception("Some timesteps are drawn more often than others.", _LOSS),
    "t_out_of_range": Misconception("Timesteps outside 0 … T − 1 are drawn.", _INDEX),
    "target_x0": Misconception("The network's answer is compared with x0.", _LOSS),
    "target_x_t": Misconception("The network's answer is compared with x_t.", _LOSS),
    "target_difference": Misconception("The network's answer is compared with x_t − x0.", _LOSS),
    "target_scaled_noise": Misconception("The target is the noise as it stands in x_t, scaled.", _LOSS),
    "target_minus_noise": Misconception("The network's answer is compared with the noise times −1.", _LOSS),
    "fresh_noise": Misconception(
        "The target is another draw of noise than the one in x_t.", "Draw the noise once, and use it twice."
    ),
    "l1_loss": Misconception("The loss takes absolute errors.", "Squared errors are asked for."),
    "huber_loss": Misconception("The loss is a Huber loss.", "Squared errors are asked for."),
    "sum_for_mean": Misconception(
        "The squared errors are summed, not averaged.",
        "The learning rate should not depend on the batch size.",
    ),
    "per_sample_sum": Misconception(
        "The squared errors are summed over the coordinates.", "Average over everything."
    ),
    "loss_scaled": Misconception("The loss is a multiple of the mean squared error.", _LOSS),
    "missing_square": Misconception("The errors are not squared.", _LOSS),
    "squares_the_mean": Misconception("The mean is squared, not the errors.", "First square, then average."),
    "network_sees_sum": Misconception(
        "The network is given x0 + noise.", "What scales the two depends on t."
    ),
    "t_not_random": Misconception("The timesteps are not drawn at random.", _LOSS),
    "root_mse": Misconception("The loss takes a square root.", "Squared errors are asked for."),
    "no_reduction": Misconception("The loss is no single number.", "Average over everything."),
    "network_sees_x0": Misconception(
        "The network is given x0.", "What does the network see when it will be used?"
    ),
    "network_sees_noise": Misconception(
        "The network is given the noise.", "What does the network see when it will be used?"
    ),
    "two_different_t": Misconception(
        "x_t is made at one t, and the network is told another.", "Draw t once, and use it twice."
    ),
    "weighted": Misconception(
        "Errors are weighted by the timestep.", "Every timestep counts alike in this loss."
    ),
    # add_noise
    "returns_x_t_only": Misconception(
        "Only x_t is returned.", "What else does the training loss need to know?"
    ),
    "returns_no_pair": Misconception(
        "What is returned is no pair.", "Return the two tensors that the docstring names, in its order."
    ),
    "returns_eps_none": Misconception(
        "The noise that your code drew is not returned.", "What is `eps` when nobody handed it in?"
    ),
    "swapped_pair": Misconception(
        "The pair is returned in the wrong order.", "The docstring says which of the two comes first."
    ),
    "eps_scaled": Misconception(
        "The noise is returned as it stands in x_t, already scaled.",
        "Lesson 05: which of the two should the network learn to predict?",
    ),
    "eps_unrelated": Misconception(
        "What is returned as noise is not the noise that is in x_t.", "Draw the noise once, and use it twice."
    ),
    # cosine_betas
    "not_float32": Misconception(
        "The betas are not float32.", "Compute as exactly as you like, then convert what you return."
    ),
    "betas_floored": Misconception("Small betas are raised to a floor.", _CLIP),
    "clipped_too_low": Misconception("The betas are clipped too early.", _CLIP),
    "clipped_too_high": Misconception("The betas are clipped too late.", _CLIP),
    "not_clipped": Misconception(
        "The betas are not clipped.", "What is the last beta, and what would that leave of the image?"
    ),
    "s_left_out": Misconception("The offset s is missing.", _COSINE),
    "s_ignored": Misconception("Your code uses an s of its own, not the one it is given.", _COSINE),
    "s_not_normalised": Misconception(
        "The offset s is not in all of its places.", "Where should the cosine's angle be at u = T?"
    ),
    "cosine_not_squared": Misconception("The cosine has the wrong power.", _COSINE),
    "half_pi_wrong": Misconception(
        "The cosine's angle does not end at a right angle.", "How much should f be at u = T? In radians!"
    ),
    "pi_rounded": Misconception("π is rounded.", "Python's `math` module knows all of its digits."),
    "sine_for_cosine": Misconception("There is a sine in place of the cosine.", _COSINE),
    "returns_alphas_cumprod": Misconception(
        "ᾱ is returned, or 1 − ᾱ; betas are asked for.", "One is the whole way from x_0, the other one step."
    ),
    "returns_alphas": Misconception("The alphas are returned; betas are asked for.", _COSINE),
    "difference_for_ratio": Misconception(
        "Neighbouring ᾱ are subtracted.", "How does one step lead from ᾱ_{t−1} to ᾱ_t?"
    ),
    "ratio_upside_down": Misconception(
        "The ratio of neighbouring ᾱ is upside down.", "ᾱ falls from step to step: can a beta be negative?"
    ),
    "not_divided_by_first": Misconception(
        "f is not divided by its first value.", "How much of the image should be there before any step?"
    ),
    "betas_misplaced": Misconception(
        "The betas are not at their timesteps.", "Write f's points out for T = 3: how many are needed?"
    ),
    "betas_follow_cosine": Misconception(
        "The betas themselves follow a cosine.", "Lesson 05: which curve is it that has this shape?"
    ),
    "not_the_cosine_schedule": Misconception("These betas are of another schedule.", _COSINE),
    # get_loss_noise, get_loss_x0, get_loss_mean
    "target_noise": Misconception("The network's answer is compared with the noise.", _LOSS),
    "target_mean": Misconception("The network's answer is compared with the posterior's mean.", _LOSS),
    "target_scaled_x0": Misconception("The target is x0 as it stands in x_t, scaled.", _LOSS),
    "target_velocity": Misconception("The target is the velocity of other papers.", _LOSS),
    "network_taken_for_noise": Misconception(
        "The network's answer is taken for the noise, and converted.", "What does this network predict?"
    ),
    "network_taken_for_x0": Misconception(
        "The network's answer is taken for x0, and converted.", "What does this network predict?"
    ),
    "x_t_left_out": Misconception(
        "x_t is missing from the posterior's mean.", "What do x_0 and x_t each say about x_{t−1}?"
    ),
    "x0_left_out": Misconception(
        "x0 is missing from the posterior's mean.", "What do x_0 and x_t each say about x_{t−1}?"
    ),
    "missing_roots_in_mean": Misconception("Both square roots are missing from the posterior's mean.", _MEAN),
    "missing_root_of_x0": Misconception("The factor of x0 lacks its square root.", _MEAN),
    "missing_root_of_x_t": Misconception("The factor of x_t lacks its square root.", _MEAN),
    "betas_for_alphas": Misconception("You used β_t where α_t belongs.", _MEAN),
    "denominator_left_out": Misconception("A denominator of the posterior's mean is missing.", _MEAN),
    "root_in_denominator": Misconception("There is a root in a denominator that has none.", _MEAN),
    "prev_in_denominator": Misconception("You used ᾱ_{t−1} where ᾱ_t belongs, in a denominator.", _INDEX),
    "mean_has_minus": Misconception("There is a minus in the posterior's mean.", _MEAN),
    # Figure and training
    "hardly_trained": Misconception(
        "A network has learned next to nothing.",
        "Do the checks of lessons 05 and 06 say right? Then delete its folder in results/ and train again.",
    ),
    "no_faces": Misconception(
        "What is drawn is too far from the faces.",
        "Look at the samples in lesson 07: does one of your other runs draw better ones?",
    ),
    "figure_off": Misconception(
        "The pictures do not show draws from q(x_t | x_0).",
        'Once `check("q_sample")` says right, run the figure\'s cell again, then this one.',
    ),
    "figure_changed": Misconception(
        "The figure's cell was changed.", "Take the cell from a fresh copy of the notebook."
    ),
}
"""id → what it means"""
