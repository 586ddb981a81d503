"""One submitted notebook: the student's cells run in a sandbox, the test cells outside it."""
