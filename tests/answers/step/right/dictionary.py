"""Looks the step up in a dictionary."""


def step(schedule, x_t, t, net_out, predictor):
    steps = {"noise": step_predict_noise, "x0": step_predict_x0, "mean": step_predict_mean}
    if predictor not in steps:
        raise KeyError(f"unknown predictor {predictor}; valid predictors are {', '.join(steps)}")
    return steps[predictor](schedule, x_t, t, net_out)
