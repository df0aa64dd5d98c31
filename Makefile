# make book   pages in _build/html          make test    tests           make lab     JupyterLab
# make bench  ours beside peers   make pairs   .py -> .ipynb   make strip   drop outputs   make vendor   browser scripts
# make sphinx9  the pages of the last `make book` once more, with plain Sphinx 9, in _build/html-sphinx9
# make coverage   the tests, and which lines and branches of src they run: fails under 90 %; pages in _build/coverage
# make mutants    small slips in the source, N of them drawn by SEED: do the tests notice? fails under 85 % (N=60: 10 minutes)
# make clean  drops what was built; the environments .venv, .venv-lab and .venv-sphinx9 and the trainings in runs/ stay
PYTHON  ?= python3.11
PROFILE ?= quick
JOBS    ?= 2
N       ?= 60
SEED    ?= $(shell date +%Y%m%d)
VENV    := .venv
BIN     := $(VENV)/bin
STAMPS  := $(VENV)/.quakebook
PINS    := pyproject.toml constraints.txt
PIP     := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

export OMP_NUM_THREADS ?= 1

.PHONY: book test coverage mutants lab bench pairs strip vendor sphinx9 clean environment
.DELETE_ON_ERROR:

book: pairs
	$(BIN)/python -m quakebook.publishing.book --profile $(PROFILE) -j $(JOBS)

test: $(STAMPS)/tests
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -rs

# one context a test: `make mutants` reads from the same file which tests run a line
coverage: $(STAMPS)/tests
	mkdir -p _build/coverage
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -rs --cov --cov-context=test --cov-report=term --cov-report=html:_build/coverage/html

mutants: $(STAMPS)/tests
	$(BIN)/python scripts/mutants --n $(N) --seed $(SEED) --jobs $(JOBS)

lab: $(STAMPS)/lab
	$(VENV)-lab/bin/jupyter lab --LabApp.default_url=/lab/tree/notebooks

bench: $(STAMPS)/book
	for program in benchmarks/*.py; do $(BIN)/python $$program || exit 1; done

pairs: $(STAMPS)/book
	$(BIN)/python -m quakebook.publishing.pairs update

strip: $(STAMPS)/book
	$(BIN)/python -m quakebook.publishing.pairs strip

vendor: $(STAMPS)/book
	$(BIN)/python -m quakebook.publishing.vendor

# a second builder of the same tree: Jupyter Book 1 caps Sphinx at 7
sphinx9: $(VENV)-sphinx9/.quakebook
	PYTHONPATH=src $(VENV)-sphinx9/bin/python -m quakebook.publishing.sphinx9

clean:
	rm -rf _build .pytest_cache .ruff_cache .hypothesis .snakemake

environment: $(STAMPS)/book

# PyOcto's wheels ask for numpy below 2 on Python 3.11, and pip would take an old one that has a wrong velocity model;
# torch first and alone: asked for by name and version, it is found where a CPU build is offered
$(STAMPS)/book: $(PINS)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) "$$(grep '^torch==' constraints.txt)"
	$(PIP) -e '.[book,notebooks]'
	$(PIP) --no-deps "$$(grep '^pyocto==' constraints.txt)"
	mkdir -p $(STAMPS) && touch $@

$(STAMPS)/tests: $(STAMPS)/book
	$(PIP) -e '.[book,notebooks,tests]'
	touch $@

# JupyterLab lives in an environment of its own and runs notebooks in the other: beside papermill it slows every start
$(STAMPS)/lab: $(STAMPS)/book
	test -x $(VENV)-lab/bin/python || $(PYTHON) -m venv $(VENV)-lab
	$(VENV)-lab/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt 'jupyterlab>=4.6' jupytext ipywidgets
	$(BIN)/python -m ipykernel install --prefix $(VENV)-lab --name python3 --display-name "quakebook (Python 3)"
	touch $@

$(VENV)-sphinx9/.quakebook: constraints-sphinx9.txt
	test -x $(VENV)-sphinx9/bin/python || $(PYTHON) -m venv $(VENV)-sphinx9
	$(VENV)-sphinx9/bin/python -m pip install --quiet --disable-pip-version-check -r constraints-sphinx9.txt
	touch $@
