"""Hands the mean to the step for x_0."""


def step_predict_mean(schedule, x_t, t, net_out):
    return step_predict_x0(schedule, x_t, t, net_out)
