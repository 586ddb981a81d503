def step(schedule, x_t, t, net_out, predictor):
    if predictor == "noise":
        return step_predict_noise(schedule, x_t, t, net_out)
    if predictor == "x0":
        return step_predict_x0(schedule, x_t, t, net_out)
    if predictor == "mean":
        return step_predict_mean(schedule, x_t, t, net_out)
    raise ValueError(f"{predictor!r} is none of noise, x0, mean")
