"""The schedule last."""


def step(schedule, x_t, t, net_out, predictor):
    steps = {"noise": step_predict_noise, "x0": step_predict_x0, "mean": step_predict_mean}
    if predictor not in steps:
        raise KeyError(f"valid predictors are {', '.join(steps)}")
    return steps[predictor](x_t, t, net_out, schedule)
