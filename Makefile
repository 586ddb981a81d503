# Each target sets up .venv by itself when it is missing or older than the list of packages.
# TORCH=cpu takes PyTorch's build without CUDA: 2 GB instead of 7.
PYTHON ?= python3
TORCH ?=
BIN := .venv/bin
READY := .venv/.ready
export PATH := $(CURDIR)/$(BIN):$(PATH)
unexport PYTHONPATH PYTHONHOME

.PHONY: lab demo test test-browser screenshots docs mistakes notebooks lint bench
.DELETE_ON_ERROR:

lab: $(READY)  ## open the course in JupyterLab
	jupyter lab notebooks/00_start_here.ipynb --LabApp.default_url=/lab/tree/00_start_here.ipynb

demo: $(READY)  ## grade an example class from release to gradebook, without a browser
	labkit demo

test: $(READY)  ## run the tests, and every solved notebook
	OMP_NUM_THREADS=1 python -m pytest -n auto --dist loadfile --ignore=tests/browser

test-browser: $(READY)  ## in Chromium: accessibility, a student's first hour, an instructor's first class
	OMP_NUM_THREADS=1 python -m pytest tests/browser

screenshots: test-browser  ## the README's pictures, from what the browser tests saw
	python docs/screenshots.py

docs: $(READY)  ## the documentation site, in build/site
	NO_MKDOCS_2_WARNING=1 mkdocs build --strict --quiet
	@echo 'Read it: build/site/index.html. With search: python -m http.server --directory build/site'

mistakes: $(READY)  ## notebooks/misconceptions.md: every mistake asked about and drawn, in ten minutes
	OMP_NUM_THREADS=1 python docs/misconceptions.py

notebooks: $(READY)  ## sources in solutions/ → executed solutions → released notebooks
	python docs/derived.py
	python -m labkit.grading.release.build

lint: $(READY)  ## check format, style and types; repair what can be repaired, except in CI
	ruff format $(if $(CI),--check) .
	ruff check $(if $(CI),,--fix) .
	mypy

bench: $(READY)  ## measure the figures that the README claims
	python benchmarks/task1.py
	python benchmarks/fid.py
	python benchmarks/train.py
	python benchmarks/grading.py
	python benchmarks/hundred.py
	python benchmarks/layers.py
	python benchmarks/damaged.py

$(READY): pyproject.toml constraints.txt jupyterlab/overrides.json jupyterlab/jupyter_server_config.py
	@$(PYTHON) set_up.py --torch '$(TORCH)'
	@mkdir -p .venv/share/jupyter/lab/settings && cp jupyterlab/overrides.json .venv/share/jupyter/lab/settings
	@mkdir -p .venv/etc/jupyter && cp jupyterlab/jupyter_server_config.py .venv/etc/jupyter
	@touch $@
