# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Start here
#
# In eight lessons you build a diffusion model from scratch: first one that draws a swiss roll, then one that draws the
# faces of animals. You read a little, fill in one function, and run the check below it: it tells you at once what is
# right, or which mistake it is.
#
# Click into the next cell and press **Shift+Enter**. It shows all lessons, and how far you are:

# %%
from labkit.course.begin import course_map

course_map()

# %% [markdown]
# - ○ is open, ✗ not yet right, ◐ partly right, ✓ right, as your notebooks were saved last (Ctrl+S; run the cell again
#   to see more). ↻ says that your code has changed since its check: run the check again.
# - The lessons of a task build on one another: take them in their order. Open one with a click on its name.
# - In a TODO cell, write your code in the place of the line that begins with `raise`, and run it: it shows nothing. Then run the
#   `check(…)` below it, as often as you like.
# - When you are stuck, `hint("SimpleNet")` in a cell of your own helps, in three small steps; `compare` and `model_answer` show how others did
#   it once you are done (lesson 1 tells more). None of this costs points.
# - Every mistake that a check knows by name is explained in [misconceptions.md](misconceptions.md).
#
# ## Is your computer ready?
#
# Everything runs on a laptop without a GPU. The next cell looks, and says what to do where something is missing:

# %%
from labkit.course.doctor import examine

examine()

# %% [markdown]
# ## Handing in
#
# In a terminal (menu File → New → Terminal):
#
# ```
# labkit submit notebooks/task1_swiss_roll --student YOUR_NAME
# ```
#
# makes `YOUR_NAME.zip` and says what is still missing. You find the zip in the file browser on the left, in the folder
# `task1_swiss_roll` beside your notebooks. That is all you need to know: begin with
# [lesson 1](task1_swiss_roll/01_time_conditioned_mlp.ipynb).
#
# *The lessons' text and pictures are by The DDPM Lab authors, under CC BY 4.0
# (<https://creativecommons.org/licenses/by/4.0/>); the code is under the MIT License.*
