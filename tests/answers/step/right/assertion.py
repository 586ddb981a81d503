"""An assertion first, names lowered."""


def step(schedule, x_t, t, net_out, predictor):
    predictor = predictor.lower()
    assert predictor in ["noise", "x0", "mean"], "predictor should be noise, x0 or mean"
    if predictor == "noise":
        x_prev = step_predict_noise(schedule, x_t, t, net_out)
    elif predictor == "x0":
        x_prev = step_predict_x0(schedule, x_t, t, net_out)
    else:
        x_prev = step_predict_mean(schedule, x_t, t, net_out)
    return x_prev
