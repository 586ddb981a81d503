"""Builds the function's name."""


def step(schedule, x_t, t, net_out, predictor):
    function = globals().get(f"step_predict_{predictor}")
    if function is None:
        raise ValueError("Valid predictors: noise, x0, mean")
    return function(schedule, x_t, t, net_out)
