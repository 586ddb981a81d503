"""The dictionary's own KeyError."""


def step(schedule, x_t, t, net_out, predictor):
    steps = {"noise": step_predict_noise, "x0": step_predict_x0, "mean": step_predict_mean}
    return steps[predictor](schedule, x_t, t, net_out)
