# The two commands most people need are `make run` and `make test`; `make help` lists the rest.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN    ?=
ARGS   ?=

.DEFAULT_GOAL := help
.PHONY: help run test test-aws check format bench clean deploy-tools

help:  ## List the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	touch $@ $(VENV)/.run

run: $(VENV)/.run  ## Set up and serve; RUN="0.0.0.0:8000 --overwrite" adds runserver's arguments
	$(BIN)/python manage.py runserver $(RUN)

test: $(VENV)/.dev  ## Set up and run every test; ARGS="tests/unit -k names" narrows it
	$(BIN)/python -m pytest --numprocesses 2 $(ARGS)

test-aws: $(VENV)/.dev  ## Deploy to a local AWS with Zappa, and use it with real clients (four to eight minutes)
	$(BIN)/python -m pytest tests/aws $(ARGS)

deploy-tools:  ## Set up .deploy, the environment that `zappa deploy` runs in and packs
	test -x .deploy/bin/python || $(PYTHON) -m venv .deploy
	.deploy/bin/python -m pip install --quiet --requirement requirements-deploy.txt

check: $(VENV)/.dev  ## Lint, types, import order, spelling, Django's own checks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/djlint packages_app/templates --quiet --lint --check
	$(BIN)/python manage.py check --fail-level WARNING

format: $(VENV)/.dev  ## Rewrite the code in the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint packages_app/templates --quiet --reformat

bench: $(VENV)/.dev  ## Measure this index beside its peers (several minutes)
	$(BIN)/python -m tests.benchmarks $(ARGS)

clean:  ## Remove the environments and caches, never the data
	rm -rf $(VENV) .aws .deploy .clients .benchmarks .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
