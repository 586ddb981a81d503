"""Clips what the step returned."""


def step(schedule, x_t, t, net_out, predictor):
    if predictor == "noise":
        return step_predict_noise(schedule, x_t, t, net_out).clamp(-1, 1)
    if predictor == "x0":
        return step_predict_x0(schedule, x_t, t, net_out)
    if predictor == "mean":
        return step_predict_mean(schedule, x_t, t, net_out)
    raise ValueError(f"predictor must be 'noise', 'x0' or 'mean', not {predictor!r}")
