"""Returns the mean."""


def step_predict_mean(schedule, x_t, t, net_out):
    return net_out
