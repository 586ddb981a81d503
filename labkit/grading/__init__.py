"""The instructor's side, in the order in which a class meets it. It wants `pip install '.[grading]'`.

- `course`: the folder that holds it all, and nbgrader's gradebook
- `release`: lesson scripts → solved notebooks → the notebooks that students get
- `intake`: what students hand in, unpacked and repaired
- `isolation`: where their code runs
- `execution`: one submitted notebook, run and judged
- `classrun`: a whole class, several submissions at a time
- `report`: what an instructor and a student see of it
- `similar`: answers that are more alike than answers are
- `memory`: a limit for all work on what was handed in
- `demo`: an example class, graded like a real one
"""
