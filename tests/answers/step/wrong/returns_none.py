"""Forgets to return."""


def step(schedule, x_t, t, net_out, predictor):
    if predictor == "noise":
        x_prev = step_predict_noise(schedule, x_t, t, net_out)
    elif predictor == "x0":
        x_prev = step_predict_x0(schedule, x_t, t, net_out)
    elif predictor == "mean":
        x_prev = step_predict_mean(schedule, x_t, t, net_out)
    else:
        raise ValueError(f"predictor must be 'noise', 'x0' or 'mean', not {predictor!r}")
