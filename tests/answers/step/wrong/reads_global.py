"""Hands on the notebook's schedule."""

from labkit.schedules import Schedule

course_schedule = Schedule.linear(1000)


def step(schedule, x_t, t, net_out, predictor):
    if predictor == "noise":
        return step_predict_noise(course_schedule, x_t, t, net_out)
    if predictor == "x0":
        return step_predict_x0(course_schedule, x_t, t, net_out)
    if predictor == "mean":
        return step_predict_mean(course_schedule, x_t, t, net_out)
    raise ValueError(f"predictor must be 'noise', 'x0' or 'mean', not {predictor!r}")
