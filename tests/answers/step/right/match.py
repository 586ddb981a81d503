"""A match statement, arguments by name."""


def step(schedule, x_t, t, net_out, predictor):
    arguments = {"schedule": schedule, "x_t": x_t, "t": t, "net_out": net_out}
    match predictor:
        case "noise":
            return step_predict_noise(**arguments)
        case "x0":
            return step_predict_x0(**arguments)
        case "mean":
            return step_predict_mean(**arguments)
        case _:
            raise NotImplementedError("choose from noise, x0 and mean")
