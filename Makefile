# `make run` and `make test` need Python 3.11 or newer with venv and pip, make and git; everything else they set up.
SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV_VERSION := 0.13.9
ARGS ?=

# The first Python that is new enough.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))

# What a machine may have set for other work and would lead the installers astray. Indexes and certificates stay.
unexport PYTHONHOME PYTHONPATH VIRTUAL_ENV CONDA_PREFIX
# Without it every start compiles all modules anew: more than a second, and the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE
unexport PIP_TARGET PIP_PREFIX PIP_ROOT PIP_REQUIREMENT
unexport UV_CONSTRAINT UV_BUILD_CONSTRAINT UV_OVERRIDE UV_EXCLUDE_NEWER UV_PYTHON UV_SYSTEM_PYTHON UV_TARGET UV_PREFIX
PIP := PIP_CONSTRAINT=/dev/null PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 $(BIN)/python -m pip --disable-pip-version-check
# The machine's own certificates where it has any: behind a proxy that signs its own, uv's are not enough.
CERTIFICATES := $(if $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),--system-certs)
UV := $(BIN)/uv --quiet $(CERTIFICATES)
COMPILE := $(UV) pip compile --universal --generate-hashes --no-annotate --no-header --no-emit-index-url -p 3.11

# An environment that was moved, or whose Python is gone or another one, is built anew.
NOW := $(shell $(BIN)/python -c 'import sys; print(sys.prefix, "%d.%d" % sys.version_info[:2])' 2>/dev/null)
THEN := $(shell cat $(READY) 2>/dev/null)
ifneq ($(THEN),)
ifneq ($(NOW),$(THEN))
STALE := rebuild
endif
endif

.PHONY: help setup run demo test browser fuzz mutants lint docs audit sbom bench peers crash soak eval train lock reference rebuild

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: $(READY)  ## set up the environment in .venv, and nothing more

run: $(READY)  ## set up, then run the bot until Ctrl-C
	@$(BIN)/chipwatch run $(ARGS)

demo: $(READY)  ## show a week of July 2025 as alerts: no network, no tokens
	@$(BIN)/chipwatch demo $(ARGS)

test: $(READY)  ## set up, then run the tests
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

browser: $(READY)  ## what the tests in a browser need: Debian's Chromium (as root) and its driver
	@test -x /usr/bin/chromium || { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium >/dev/null; }
	@$(UV) pip install --python $(BIN)/python --require-hashes -r requirements-browser.lock

fuzz: $(READY)  ## every target of docs/fuzzing.md: 1,000 mutated inputs, then 20 s of coverage-guided ones (SECONDS=...)
	CHIPWATCH_TEST_MUTATIONS=$(or $(CHIPWATCH_TEST_MUTATIONS),1000) $(BIN)/python -m pytest tests/fuzz $(ARGS)
	@$(UV) pip install --python $(BIN)/python --require-hashes -r requirements-fuzz.lock \
		|| echo "atheris cannot be installed on this machine" >&2
	$(BIN)/python -m tests.fuzz.guided --seconds $(or $(SECONDS),20)

mutants: $(READY)  ## change the code of knowledge, pipeline and delivery a little, and say what no test notices
	@$(UV) pip install --python $(BIN)/python --require-hashes -r requirements-mutants.lock
	$(BIN)/python -m tools.mutants $(ARGS)

lint: $(READY)  ## style, types, Dockerfile
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile

docs: $(READY)  ## render the gallery of cards and pictures, then check that what the documents name exists
	$(BIN)/python -m tools.gallery
	$(BIN)/python -m pytest -q tests/test_docs.py

audit: $(READY)  ## ruff's rules of security, and every locked package against the published advisories (asks the network)
	$(BIN)/ruff check --select S --ignore S101
	@$(UV) venv --allow-existing --python $(BIN)/python $(VENV)/audit
	@$(UV) pip sync --python $(VENV)/audit/bin/python --require-hashes requirements-audit.lock
	$(BIN)/python -m tools.audit $(VENV)/audit/bin/pip-audit requirements*.lock

sbom: $(READY)  ## the bill of materials of what is shipped, as CycloneDX JSON in dist/
	$(BIN)/python -m tools.sbom $(ARGS)

bench: $(READY)  ## polling beside a bare loop and reader, answers, lists, redline beside difflib, placing, fan-out, the board, the load
	$(BIN)/python -m benchmarks.polling $(ARGS)
	$(BIN)/python -m benchmarks.knowledge
	$(BIN)/python -m benchmarks.redline
	$(BIN)/python -m benchmarks.placing
	$(BIN)/python -m benchmarks.discord_fanout
	$(BIN)/python -m benchmarks.slack_fanout
	$(BIN)/python -m benchmarks.parties
	$(BIN)/python -m benchmarks.web
	$(BIN)/python -m benchmarks.load --fan-out 5000
	$(BIN)/python -m benchmarks.starting
	$(BIN)/python -m benchmarks.latency
	$(BIN)/python -m benchmarks.week --days 3

peers: $(READY)  ## polling 200 and 2,000 feeds beside reader, urlwatch, webchanges, a bare loop: a quarter of an hour
	$(BIN)/python -m benchmarks.polling --whole $(ARGS)

crash: $(READY)  ## kill a bot 300 times, at every step and at random, on both databases, and count what was lost
	$(BIN)/python -m tests.faults.crash $(ARGS)

soak: $(READY)  ## a simulated month with faults on SQLite, ten days on PostgreSQL, and count what was lost
	$(BIN)/python -m tests.faults.month $(ARGS)

eval: $(READY)  ## the figures of assessment, stories and alerts over time, cross-validated by story on a labelled corpus
	$(BIN)/python -m benchmarks.evaluate $(ARGS)

train: $(READY)  ## write the weights of assessment and stories anew from a labelled corpus, bit for bit
	$(BIN)/python -m benchmarks.train $(ARGS)

reference: $(READY)  ## write config/chipwatch.toml, docs/settings.md and the Slack manifest anew from the settings
	$(BIN)/python -m bot.settings.reference config/chipwatch.toml docs/settings.md
	$(BIN)/python -m bot.platforms.slack.manifest config/slack-manifest.json

lock: $(READY)  ## resolve the dependencies anew, within pyproject.toml
	echo 'uv==$(UV_VERSION)' | $(COMPILE) --upgrade -o requirements-uv.lock -
	$(COMPILE) --upgrade -o requirements.lock pyproject.toml
	$(COMPILE) --upgrade --extra sentry -c requirements.lock -o requirements-sentry.lock pyproject.toml
	$(COMPILE) --upgrade --group dev -o requirements-dev.lock pyproject.toml
	$(COMPILE) --upgrade --group browser -c requirements-dev.lock -o requirements-browser.lock pyproject.toml
	$(COMPILE) --upgrade --group audit -o requirements-audit.lock
	$(COMPILE) --upgrade --group mutants -c requirements-dev.lock -o requirements-mutants.lock pyproject.toml
	$(COMPILE) --upgrade --group fuzz -c requirements-dev.lock -o requirements-fuzz.lock pyproject.toml

$(READY): requirements-uv.lock requirements-dev.lock pyproject.toml $(STALE)
	@test -n "$(PYTHON)" || { echo "Chipwatch needs Python 3.11 or newer" >&2; exit 1; }
	@rm -f $@
	@if test -n "$(STALE)" || ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		echo "Making $(VENV) with $(PYTHON)"; \
		rm -rf $(VENV) && $(PYTHON) -m venv $(VENV); \
	fi
	@echo "Installing what requirements-dev.lock names"
	@$(PIP) install --quiet --require-hashes -r requirements-uv.lock
	@$(UV) pip sync --python $(BIN)/python --require-hashes requirements-dev.lock
	@$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation -e .
	@$(BIN)/python -c 'import sys; print(sys.prefix, "%d.%d" % sys.version_info[:2])' > $@
