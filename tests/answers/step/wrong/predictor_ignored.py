"""Always the step for the noise."""


def step(schedule, x_t, t, net_out, predictor):
    if predictor not in ("noise", "x0", "mean"):
        raise ValueError("predictor must be noise, x0 or mean")
    return step_predict_noise(schedule, x_t, t, net_out)
