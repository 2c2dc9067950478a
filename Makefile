PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PROJECTS := . generated/client generated/sandbox generated/conformance
# Tests wait for servers, browsers and clocks: four quick ones at once keep two cores busy, or three of the slow ones.
WORKERS ?= 4
SLOW_WORKERS ?= 3
SEEDS ?= 20
SINCE ?= main
JOBS ?= 1
PORT ?= 8000
OFFLINE ?= procwise-docs
export REDOCLY_TELEMETRY := off
export REDOCLY_SUPPRESS_UPDATE_NOTICE := true

.PHONY: help setup generate check check-node node-lint node-packages pythons test test-full test-changed demo docs docs-serve docs-offline docs-zensical bench mutants fuzz storms dist constraints clean

help:
	@echo "make demo    see the whole idea work"
	@echo "make test    pass every test"
	@echo "make test-full    the slow proofs that make test leaves out; FULL=1 for their long form"
	@echo "make test-changed the tests that depend on what differs from main; SINCE=REV for another revision"
	@echo "make check   lint, types, contracts, drift, versions"
	@echo "make pythons hold what is promised of each Python"
	@echo "make docs    build the site into site/"
	@echo "make docs-serve   read it while you write; PORT=8000"
	@echo "make docs-offline the site as a zip that is read from the disk"
	@echo "make docs-zensical the same pages, built by Zensical into site-zensical/"
	@echo "make mutants hold the conformance suite against every fault of the sandbox; SEEDS=20 of the honest one, EVERY=1 lists all checks"
	@echo "make fuzz    look for inputs that break something; SECONDS=60 of each target, JOBS=1 at once, TARGETS= some"
	@echo "make storms  lose nothing under kill -9, and send no 5xx; SECONDS=600 of each storm"
	@echo "make bench   print the table of measured ratios"
	@echo "make dist    build the wheels into dist/"
	@echo "make setup   only make $(VENV) with everything the others use"

setup: $(READY)

$(READY): constraints.txt pyproject.toml $(wildcard generated/*/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it with make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(PROJECTS:%=-e %)
	@touch $@

generate: setup
	$(BIN)/procwise-toolkit generate
	$(BIN)/python -m generator.menu .

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/procwise-toolkit lint
	$(BIN)/procwise-toolkit release --check
	$(BIN)/procwise-toolkit generate --check
	@$(BIN)/procwise-sandbox --examples | sed 's/^/without behaviour in the sandbox, which sends the example: /'
	@$(MAKE) --no-print-directory check-node

# Two linters that are written for Node: run where Node is, and required where REQUIRE_ALL is set.
check-node:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node-lint; \
	elif [ "$(REQUIRE_ALL)" = 1 ]; then echo "npm is missing: install the packages nodejs npm" >&2; exit 1; \
	else echo "left out: Redocly and Spectral need npm (install the packages nodejs npm)" >&2; fi

node-lint: setup node_modules/.ready
	$(BIN)/python -m tests.lint.node

node_modules/.ready: package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

PYTEST := $(BIN)/pytest --dist worksteal

node-packages: setup
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node_modules/.ready; fi

test: node-packages
	$(PYTEST) -n $(WORKERS) -m "not slow"

test-full: node-packages
	$(PYTEST) -n $(SLOW_WORKERS) -m slow

# Generates first: what depends on the description depends on what is made of it.
test-changed: node-packages generate
	$(BIN)/python -m tests.selection --since $(SINCE) -n $(WORKERS) --dist worksteal

pythons: node-packages
	$(BIN)/python -m tests.pythons

demo: setup
	$(BIN)/python -m tests.demo

docs: setup
	$(BIN)/mkdocs build --strict
	$(BIN)/python -m generator.site site

# Serves the pages and builds them anew when a source changes; `make generate` is what writes the reference.
docs-serve: setup
	$(BIN)/mkdocs serve --strict --config-file mkdocs.serve.yml --dev-addr 127.0.0.1:$(PORT) --watch-theme

# Zensical has an environment of its own: its libraries are not those that are pinned for every promised Python.
ZENSICAL := .venv-zensical
$(ZENSICAL)/.ready: constraints-zensical.txt
	$(PYTHON) -m venv $(ZENSICAL)
	$(ZENSICAL)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints-zensical.txt
	@touch $@

docs-zensical: setup $(ZENSICAL)/.ready
	PYTHONPATH=. $(ZENSICAL)/bin/zensical build --strict --clean --config-file mkdocs.zensical.yml
	$(BIN)/python -m generator.site site-zensical

docs-offline: setup
	rm -f $(OFFLINE).zip
	$(BIN)/mkdocs build --strict --config-file mkdocs.offline.yml --site-dir $(OFFLINE)
	$(BIN)/python -m generator.site $(OFFLINE)
	$(BIN)/python -m zipfile --create $(OFFLINE).zip $(OFFLINE)

bench: setup
	$(BIN)/python -m tests.benchmarks

# Takes most of an hour, of which the honest seeds are the most; `make mutants FAULTS="page-ignored job-never-ends" SEEDS=1` takes minutes.
mutants: setup
	$(BIN)/python -m tests.mutants $(FAULTS) --seeds $(SEEDS) $(if $(EVERY),--every)

# Led by Atheris where `.venv/bin/pip install atheris` has put it.
fuzz: setup
	$(BIN)/python -m tests.fuzz $(TARGETS) --seconds $(or $(SECONDS),60) --jobs $(JOBS)

storms: setup
	$(BIN)/python -m tests.storms --seconds $(or $(SECONDS),600)

dist: setup
	rm -rf dist
	for project in $(PROJECTS); do $(BIN)/python -m build --no-isolation --wheel --outdir dist $$project || exit 1; done

constraints: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-tools
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host --no-emit-options --no-header --no-annotate \
	  --extra dev --extra generated -o constraints.txt pyproject.toml

clean:
	rm -rf $(VENV) node_modules site procwise-docs procwise-docs.zip site-zensical .venv-zensical dist demo-output
