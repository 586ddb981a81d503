"""A class: each submission in a process of its own, entered into the gradebook by one writer."""
