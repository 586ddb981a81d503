"""Calls a step with an option that its docstring does not have."""


def step(schedule, x_t, t, net_out, predictor):
    steps = {"noise": step_predict_noise, "x0": step_predict_x0, "mean": step_predict_mean}
    if predictor not in steps:
        raise ValueError(f"predictor must be one of {list(steps)}")
    return steps[predictor](schedule, x_t, t, net_out, clip=True)
