PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: install install-dev test lint

install: .venv/.installed

.venv/.installed: requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

install-dev: .venv/.installed-dev

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

test: install-dev
	@$(BIN)/python -m pytest -n 2

lint: install-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

.PHONY: run stop

run: install
	@$(BIN)/python -m workers.run

stop: install
	@$(BIN)/python -m workers.stop
