"""What the benchmarks share: their command line, and the machine that they ran on."""

import argparse
import json
import os
import platform
from typing import Any

import torch
from rich.console import Console


def parser(doc: str | None) -> argparse.ArgumentParser:
    """With --json, and a script's docstring as its help."""
    made = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    return made


def machine() -> str:
    """For a figure of record."""
    return f"{os.cpu_count()} cores {platform.machine()}, torch {torch.__version__}"


def say(report: dict[str, Any], as_json: bool) -> None:
    """Print a report for a program, or for people."""
    if as_json:
        print(json.dumps(report))
    else:
        Console().print(report)
