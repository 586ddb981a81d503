"""Makes all three steps and takes one."""


def step(schedule, x_t, t, net_out, predictor):
    results = {
        "noise": step_predict_noise(schedule, x_t, t, net_out),
        "x0": step_predict_x0(schedule, x_t, t, net_out),
        "mean": step_predict_mean(schedule, x_t, t, net_out),
    }
    if predictor in results:
        return results[predictor]
    raise ValueError(f"{predictor} is none of {list(results)}")
