#!/bin/sh
# What the image runs: a hub's single-user server where a hub started it, else JupyterLab by itself.
set -eu
if [ -n "${JUPYTERHUB_API_TOKEN:-}" ]; then
  exec jupyterhub-singleuser "$@"
fi
exec jupyter lab --no-browser "$@"
