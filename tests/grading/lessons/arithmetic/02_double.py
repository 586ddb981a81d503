# %% [markdown]
# # Doubling

# %% nbgrader={"grade": false, "grade_id": "setup2", "locked": true, "schema_version": 3, "solution": false, "task": false}
import json
from pathlib import Path

earlier = {}
for cell in json.loads(Path("01_add.ipynb").read_text(encoding="utf-8"))["cells"]:
    if cell["metadata"].get("nbgrader", {}).get("grade_id") in ("setup", "add"):
        exec("".join(cell["source"]), earlier)
add, check = earlier["add"], earlier["check"]
run = Path("results/run.json")
if not run.exists():
    run.parent.mkdir(exist_ok=True)
    run.write_text("trained")
print(run.read_text())

# %% nbgrader={"grade": false, "grade_id": "double", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(a):
    """2a, with the earlier answer"""
    ### BEGIN SOLUTION
    return add(a, a)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_double", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
earlier["JUDGES"]["double"] = lambda: (1.0, None, "Right.") if double(3) == 6 else (0.0, "not_twice", "Not twice.")
### BEGIN HIDDEN TESTS
assert double(-7) != -15, "hidden"
### END HIDDEN TESTS
check("double", points=3)
