"""`python -m labkit` is the `labkit` command, also where a launcher such as torchrun wants a module."""

from labkit.cli import app

if __name__ == "__main__":
    app(prog_name="labkit")
