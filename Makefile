# Each target does all its own set-up; a second run starts at once.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.ready-to-run
DEV := $(VENV)/.ready-to-develop
COMPILED := $(VENV)/.compiled
SOURCES := $(shell find bot handlers storage -name '*.py')
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: setup run test lint format bench faults explore fuzz clean
.DEFAULT_GOAL := test

setup: $(DEV) $(COMPILED)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Kakou needs Python 3.11 or newer: make PYTHON=/path/to/python3"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(RUN): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e ".[pictures,postgres]"
	touch $@

$(DEV): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e ".[dev,pictures,postgres]"
	touch $(RUN) $@

# Bytecode beside the sources: where it cannot be written later, each start would compile everything anew.
$(COMPILED): $(SOURCES) | $(BIN)/python
	$(BIN)/python -m compileall -q bot handlers storage
	@touch $@

run: $(RUN) $(COMPILED)
	@if [ -f config.toml ]; then exec $(BIN)/kakou serve --config config.toml; else exec $(BIN)/kakou sandbox; fi

test: $(DEV) $(COMPILED)
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(DEV)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Figures, never asserted by time; each prints what it measured.
bench: $(DEV) $(COMPILED)
	for file in bench/[a-z]*.py; do echo "== $$file"; $(BIN)/python -m bench.$$(basename $$file .py) || exit 1; done

# Processes killed at named points, over and over: longer than the same tests in `make test`.
faults: $(DEV) $(COMPILED)
	KAKOU_FAULT_ROUNDS=25 $(BIN)/python -m pytest tests/faults -n 2

# Property tests with examples that nobody has drawn yet.
explore: $(DEV)
	KAKOU_PROPERTIES=explore $(BIN)/python -m pytest tests/unit -m "not browser" -n 2 --hypothesis-show-statistics -q

# Ten minutes of coverage-guided fuzzing of the parser.
fuzz: $(DEV)
	$(PIP) atheris
	$(BIN)/python tests/fuzz/parse_fuzz.py -max_total_time=600

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build dist
