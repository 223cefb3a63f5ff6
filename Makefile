PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --disable-pip-version-check --no-color --progress-bar off --require-hashes

.PHONY: install install-dev browser test test-render shots faults soak drill bench mutants lint

install: .venv/.installed

.venv/.installed: requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "· installing the packages of requirements.lock, which takes some minutes the first time"
	@$(PIP) -r requirements.lock
	@touch $@

install-dev: .venv/.installed-dev

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	@echo "· installing the packages of requirements-dev.lock, which takes some minutes the first time"
	@$(PIP) -r requirements-dev.lock
	@touch $@

browser: install-dev
	@$(BIN)/python -m tests.support.browser

test: browser
	@$(BIN)/python -m pytest -n 2 --dist worksteal

test-render: install-dev
	@TRACKER_RENDERED_CIRCULARS=$(or $(COUNT),200) $(BIN)/python -m pytest -m render -p no:randomly tests/render

shots: browser
	@rm -rf var/shots
	@TRACKER_SCREENSHOTS=$(CURDIR)/var/shots $(BIN)/python -m pytest -n 2 --dist worksteal \
		tests/browser/test_duties.py tests/browser/test_duties_of_the_city.py tests/browser/test_accessible.py
	@echo "· pictures of every screen, wide and narrow, are in var/shots"

faults: install-dev
	@$(BIN)/python -m pytest -m faults -p no:randomly -s tests/faults

soak: install-dev
	@TRACKER_FAULT_ROUNDS=$(or $(ROUNDS),100) $(BIN)/python -m pytest -m faults -p no:randomly -s --timeout 7200 tests/faults

drill: install-dev
	@$(BIN)/python -m tests.drill

bench: install-dev
	@$(BIN)/python -m tests.bench $(PART)

mutants: install-dev
	@ALL=$(ALL) MODULE=$(MODULE) SAMPLE=$(SAMPLE) SEED=$(SEED) $(BIN)/python -m tests.mutants

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
