"""The step is returned, not called."""


def step(schedule, x_t, t, net_out, predictor):
    if predictor not in ("noise", "x0", "mean"):
        raise ValueError("predictor must be noise, x0 or mean")
    return {"noise": step_predict_noise, "x0": step_predict_x0, "mean": step_predict_mean}[predictor]
