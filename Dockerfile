# One image for a course server: JupyterLab for a student, alone or under JupyterHub, and the container that
# `labkit grade` runs submissions in where there is no bubblewrap. docs/other-machines.md says how to use it.
FROM python:3.11-slim-bookworm

# Without CUDA the image has a third of the size. With it: --build-arg TORCH_INDEX=https://pypi.org/simple
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
# Of the same major version as the hub
ARG JUPYTERHUB_VERSION=6.1.1

WORKDIR /opt/ddpm-lab
COPY constraints.txt ./
RUN pip install --no-cache-dir --extra-index-url "$TORCH_INDEX" --constraint constraints.txt torch torchvision

COPY pyproject.toml README.md LICENSE LICENSE-lessons ./
COPY labkit labkit
RUN pip install --no-cache-dir --extra-index-url "$TORCH_INDEX" --constraint constraints.txt \
    . "jupyterhub==$JUPYTERHUB_VERSION"

COPY notebooks notebooks
COPY docker/jupyter_server_config.py /usr/local/etc/jupyter/
COPY jupyterlab/overrides.json /usr/local/share/jupyter/lab/settings/
COPY docker/start-singleuser.sh /usr/local/bin/

RUN useradd --create-home --uid 1000 jovyan
USER jovyan
WORKDIR /home/jovyan
EXPOSE 8888
CMD ["start-singleuser.sh"]
