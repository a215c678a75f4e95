# How is the project set up, served, checked and measured? `make help` lists the commands.
#
# Everything is installed into .venv, from the lock files only. Nothing is installed again unless a lock file or
# pyproject.toml changed, the folder was moved, or PYTHON asks for another Python.

HOST ?= 127.0.0.1
PORT ?= 8000
CORPUS ?= corpus

.DEFAULT_GOAL := help
.PHONY: help serve index test test-slow test-cluster cluster check lint types imports docs specimens format lock bench bench-cluster clean FORCE
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input --quiet
VERSION := import sys; print("%d.%d.%d" % sys.version_info[:3])
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

# The index of another corpus lies elsewhere, named by its path, so that the two never mix.
ifeq ($(CORPUS),corpus)
INDEX ?= index
else
INDEX ?= build/index-$(firstword $(shell (cd "$(CORPUS)" 2>/dev/null && pwd || echo "$(CORPUS)") | cksum))
endif

# --- the virtual environment -------------------------------------------------------------------------------

HAVE := $(shell $(PY) -c '$(VERSION)' 2>/dev/null)
MADE := .venv/made-$(firstword $(shell printf '%s' "$(CURDIR)" | cksum))
ifeq ($(origin PYTHON),undefined)
PYTHON = $(shell for one in python3.13 python3.12 python3.11 python3 python; do \
	if "$$one" -c '$(NEW_ENOUGH)' 2>/dev/null; then echo "$$one"; break; fi; done)
else ifneq ($(HAVE),$(shell "$(PYTHON)" -c '$(VERSION)' 2>/dev/null))
HAVE :=
endif
ifeq ($(HAVE),)
$(MADE): FORCE
endif

$(MADE):
	@chosen="$(PYTHON)"; \
	if [ -z "$$chosen" ] || ! "$$chosen" -c '$(NEW_ENOUGH)' 2>/dev/null; then \
		echo "fzsearch needs Python 3.11 or later$${chosen:+, which $$chosen is not}; install it, or name it: make PYTHON=/path/to/python3" >&2; exit 1; fi; \
	if ! "$$chosen" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$chosen cannot make virtual environments; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; fi; \
	echo "Making .venv with $$chosen ($$("$$chosen" -c '$(VERSION)'))"; \
	rm -rf .venv && "$$chosen" -m venv .venv && touch "$@"

.venv/locked: $(MADE) requirements.lock pyproject.toml
	@echo "Installing what requirements.lock names"
	@$(PIP) install --use-pep517 --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --editable .
	@touch $@

.venv/locked-dev: $(MADE) requirements-dev.lock requirements.lock pyproject.toml
	@echo "Installing what requirements-dev.lock names"
	@$(PIP) install --use-pep517 --require-hashes --requirement requirements-dev.lock
	@$(PIP) install --no-deps --editable .
	@touch .venv/locked $@

# --use-pep517: jieba comes as sources only, and older pips build those in another way, with a warning.

# --- commands ----------------------------------------------------------------------------------------------

help:  ## what can be done
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{ printf "  %-16s %s\n", $$1, $$2 }'
	@echo "  variables        PYTHON=python3.12 HOST=127.0.0.1 PORT=8000 CORPUS=corpus"

serve: index  ## index CORPUS, then the site on HOST:PORT
	@exec $(PY) -m fzsearch serve --index "$(INDEX)" --corpus "$(CORPUS)" --host "$(HOST)" --port "$(PORT)"

index: .venv/locked  ## bring the index of CORPUS up to date
	@$(PY) -m fzsearch index "$(CORPUS)" --index "$(INDEX)"

test: check  ## every check, then the tests with branch coverage
	@echo "== tests"
	@$(PY) -m pytest -m "not slow and not cluster" --numprocesses auto --maxprocesses 4 --dist loadfile --cov --cov-report= --cov-fail-under=0 --durations=12
	@$(PY) -m coverage report > .venv/coverage.txt || { cat .venv/coverage.txt; exit 1; }
	@echo "coverage, lines and branches: $$(awk '/^TOTAL/ { print $$NF }' .venv/coverage.txt) (list in .venv/coverage.txt)"

test-slow: .venv/locked-dev  ## the tests that take minutes
	@$(PY) -m pytest -m slow

test-cluster: .venv/locked-dev  ## contract, parity and faults on a real cluster of three nodes; needs Java 21 and Maven
	@echo "== cluster"
	@$(PY) -m pytest -m cluster $(CLUSTER_TESTS)

cluster: .venv/locked-dev  ## a cluster of three nodes on this machine, until Ctrl-C
	@exec $(PY) -m tests.cluster.nodes

check: lint types imports docs specimens

lint: .venv/locked-dev  ## form and habits of the code
	@echo "== lint"
	@$(PY) -m ruff format --check --quiet . || { echo "not formatted; run make format" >&2; exit 1; }
	@$(PY) -m ruff check --quiet .

types: .venv/locked-dev
	@echo "== types"
	@$(PY) -m mypy --no-error-summary src tests bench

imports: .venv/locked-dev
	@echo "== imports"
	@.venv/bin/lint-imports --no-cache > .venv/imports.txt || { cat .venv/imports.txt; exit 1; }

docs: .venv/locked-dev
	@echo "== docs"
	@$(PY) -m cogapp --check README.md README.zh-CN.md > .venv/docs.txt || { cat .venv/docs.txt; echo "run make format" >&2; exit 1; }

specimens: .venv/locked-dev
	@echo "== specimens"
	@$(PY) scripts/build_specimens.py --check

format: .venv/locked-dev  ## format the code, write the generated parts of the documents
	@$(PY) -m ruff format --quiet .
	@$(PY) -m ruff check --quiet --fix .
	@$(PY) -m cogapp -r README.md README.zh-CN.md

# uv reads no configuration of pip and resolves for every platform and Python at once; it has its own environment.
UV := .venv/lock-tools/bin/python -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --strip-extras

lock: $(MADE)  ## pin the newest dependencies, with hashes, for every platform
	@test -x .venv/lock-tools/bin/python || $(PY) -m venv .venv/lock-tools
	@.venv/lock-tools/bin/python -m pip --disable-pip-version-check --quiet install --upgrade uv
	@$(UV) pyproject.toml --output-file requirements.lock > /dev/null
	@echo "hatchling>=1.25  # builds the wheel in tests/test_package.py" > .venv/build.in
	@$(UV) pyproject.toml .venv/build.in --extra dev --constraint requirements.lock --output-file requirements-dev.lock > /dev/null
	@echo "requirements.lock and requirements-dev.lock are written; make test tells whether they work"

bench: .venv/locked-dev  ## index and search 1,000 generated reports; others with BENCH="--reports 10000 --peers …"
	@if [ -f bench/run.py ]; then $(PY) bench/run.py $(BENCH); else echo "no bench/run.py here" >&2; exit 1; fi

bench-cluster: .venv/locked-dev  ## the engine on OpenSearch, on a local cluster: writing and searching by nodes and shards
	@$(PY) bench/cluster.py

clean:  ## remove everything that was made, but no index
	@rm -rf .venv build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests scripts bench -name __pycache__ -type d -prune -exec rm -rf {} +
