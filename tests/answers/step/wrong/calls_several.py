"""The last else belongs to the second if alone."""


def step(schedule, x_t, t, net_out, predictor):
    if predictor == "noise":
        x_prev = step_predict_noise(schedule, x_t, t, net_out)
    if predictor == "x0":
        x_prev = step_predict_x0(schedule, x_t, t, net_out)
    else:
        x_prev = step_predict_mean(schedule, x_t, t, net_out)
    return x_prev
