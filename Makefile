# Each target sets up .venv by itself when it is missing or older than the list of packages.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
export PATH := $(CURDIR)/$(BIN):$(PATH)
unexport PYTHONPATH PYTHONHOME

.PHONY: lab demo test notebooks lint bench
.DELETE_ON_ERROR:

lab: $(READY)  ## open the course in JupyterLab
	jupyter lab notebooks

demo: $(READY)  ## grade an example class from release to gradebook, without a browser
	labkit demo

test: $(READY)  ## run all tests, and every solved notebook
	OMP_NUM_THREADS=1 python -m pytest -n auto --dist loadfile

notebooks: $(READY)  ## sources in solutions/ → executed solutions → released notebooks
	python -m labkit.grading.build

lint: $(READY)  ## check format and style; repair what can be repaired, except in CI
	ruff format $(if $(CI),--check) .
	ruff check $(if $(CI),,--fix) .

bench: $(READY)  ## measure the figures that the README claims
	python benchmarks/task1.py
	python benchmarks/fid.py
	python benchmarks/train.py

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'DDPM Lab needs Python 3.11 or newer: install it, or name one, as in: make PYTHON=python3.12 …'; exit 1; }
	@echo 'Setting up .venv: about 6 GB and a few minutes, once.'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[grading,test]'
	@touch $@
