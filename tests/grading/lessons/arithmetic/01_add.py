# %% [markdown]
# # Adding

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
from IPython.display import display


def check(todo, points):
    """Shows a verdict in the way of labkit.checks and returns the points."""
    score, misconception, message = JUDGES[todo]()
    verdict = {
        "todo": todo, "passed": score > 0, "score": score, "misconception": misconception, "message": message
    }
    display({"application/vnd.labkit.verdict+json": verdict, "text/plain": message}, raw=True)
    return float(points * score)


def judge_add():
    if add(2, 3) == 5:
        return 1.0, None, "Right."
    if add(2, 3) == -1:
        return 0.0, "subtracts", "You <b>subtracted</b>."
    return 0.5, None, "Half of it."


JUDGES = {"add": judge_add}

# %% [markdown]
# Write `add`.

# %% nbgrader={"grade": false, "grade_id": "add", "locked": false, "schema_version": 3, "solution": true, "task": false}
def add(a, b):
    """a + b"""
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_add", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("add", points=4)

# %% [markdown]
# Why does it work?

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_add", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Because adding is counting on.
# ### END SOLUTION
