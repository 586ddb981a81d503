"""Jupyter's settings in the course's environment: its commands, such as `labkit`, are found in a terminal of
JupyterLab and in a cell (`!labkit …`) however the server was started, without an activated environment too.
"""

import os
import sys
import sysconfig

c = get_config()  # noqa: F821 - Jupyter provides it

COMMANDS = sysconfig.get_path("scripts")  # .venv/bin; on Windows .venv\Scripts
SHELL = os.environ.get("SHELL", "sh")

os.environ["PATH"] = os.pathsep.join([COMMANDS, os.environ.get("PATH", os.defpath)])
if os.name == "posix" and not (sys.stdout and sys.stdout.isatty()):
    # A server without a terminal of its own opens login shells, whose profile sets PATH anew.
    words = ["sh", "-l", "-c", 'PATH="$0:$PATH" exec "$1"', COMMANDS, SHELL]
    c.ServerApp.terminado_settings = {"shell_command": words}
