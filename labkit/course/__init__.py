"""The course that the notebooks are: what there is to do, where a student stands, what is handed in."""
