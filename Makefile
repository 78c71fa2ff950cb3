# Every target makes what it needs; start with `make run`.
PYTHON ?= python3
DATA ?= ../shared/data
JOBS ?= 1
LICENCE ?= open

VENV := .venv
BIN := $(VENV)/bin
LABELS := $(DATA)/labelled/documents.jsonl.zst
MODEL := models/lines
# Stamps: the environment is made anew when what it must hold has changed.
BASE := $(VENV)/.base
DEV := $(VENV)/.dev
PEERS := $(VENV)/.peers

.PHONY: setup run test check train evaluate bench report clean

setup: $(DEV)

run: $(BASE)
	$(BIN)/cleaner clean seeds/*.txt -o out --show --jobs $(JOBS)

test: $(DEV)
	$(BIN)/python -m pytest

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

train: $(LABELS) $(DEV)
	$(BIN)/cleaner train $(LABELS) -o $(MODEL) --licence "$(LICENCE)"

evaluate: $(LABELS) $(DEV)
	$(BIN)/cleaner evaluate $(LABELS)

bench: $(PEERS)
	$(BIN)/python -m bench.speed
	$(BIN)/python -m bench.quality

report: out/report.jsonl
	$(BIN)/cleaner stats --documents out/report.jsonl

clean:
	rm -rf out build dist $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

out/report.jsonl: $(wildcard seeds/*.txt) | $(BASE)
	$(BIN)/cleaner clean $^ -o out

$(LABELS):
	@echo "The labelled documents are missing: $@" >&2
	@echo "Say where they lie: make train DATA=/path/to/data (the folder that holds labelled/)." >&2
	@exit 1

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(BASE): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

# Dependency groups came with pip 25.1.
$(DEV): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[train]" --group dev
	touch $@ $(BASE)

$(PEERS): pyproject.toml | $(DEV)
	$(BIN)/python -m pip install --quiet --editable ".[bench]"
	touch $@
