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
PAGES := $(VENV)/.pages
# What teaches the model: labelled documents, our labels joined with their pages, texts of our own, and what else
# extractors leave of the pages, without labels.
NOTES := models/annotations/residual.jsonl
WRITTEN := models/annotations/written.jsonl
TAUGHT := build/taught.jsonl.zst
UNLABELLED := build/unlabelled.jsonl.zst
PAGE_NOTES := models/annotations/pages.jsonl
TAUGHT_PAGES := build/taught_pages.jsonl.zst
OPEN_PAGES := $(addprefix $(DATA)/pages/,$(addsuffix .jsonl.zst,wcxb_dev andy_news2023 snippets goose3 chinese_wce))
UNSEEN_PAGES := $(addprefix $(DATA)/pages/,$(addsuffix .jsonl.zst,\
	l3s_gn1 msv_big9 msv_chaos dragnet cleaneval_en wwwxmu_zh))
# The variable takes an advertisement of mkdocs-material out of the output.
SITE := NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
SOURCES := $(OPEN_PAGES) \
	$(addprefix $(DATA)/raw/,$(addsuffix .jsonl.zst,fakenews_es fakenewscorpus_sample))

.PHONY: setup run test search check train train-pages evaluate bench bench-corpora bench-pages bench-unseen \
	bench-pipelines bench-languages bench-sites report docs clean

setup: $(DEV)

run: $(BASE)
	$(BIN)/cleaner clean seeds/*.txt -o out --show --jobs $(JOBS)

test: $(DEV)
	$(BIN)/python -m pytest

# The properties alone, on examples that no run has drawn before.
search: $(DEV)
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=search

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cleaner evaluate --gate models/floors.json
	$(SITE) --quiet

train: $(LABELS) $(TAUGHT) $(UNLABELLED)
	$(BIN)/cleaner train $(LABELS) --teach $(TAUGHT) --teach $(WRITTEN) --unlabelled $(UNLABELLED) \
		-o $(MODEL) --licence "$(LICENCE)"

train-pages: $(OPEN_PAGES) $(LABELS) $(TAUGHT) $(TAUGHT_PAGES)
	OMP_NUM_THREADS=$(JOBS) $(BIN)/cleaner train-pages $(OPEN_PAGES) \
		$(addprefix --labels ,$(LABELS) $(TAUGHT) $(TAUGHT_PAGES)) -o models/pages --licence "$(LICENCE)"

evaluate: $(LABELS) $(TAUGHT) $(UNLABELLED) | $(PEERS)
	$(BIN)/cleaner evaluate $(LABELS) --teach $(TAUGHT) --teach $(WRITTEN) --unlabelled $(UNLABELLED) \
		--reports build/reports --publish docs/evaluation --peers --errors build/errors.jsonl

bench: $(PEERS) bench-pipelines bench-corpora
	$(BIN)/python -m bench.speed
	$(BIN)/python -m bench.quality

# With the pages of the data, where they are.
bench-corpora: $(PEERS)
	$(BIN)/python -m bench.corpora $(addprefix --pages ,$(wildcard $(DATA)/speed/pages.jsonl.zst))

# The shipped model has seen the open pages: its quality is measured by train-pages, here its speed alone.
bench-pages: $(OPEN_PAGES) | $(PEERS)
	mkdir -p build
	$(BIN)/python -m bench.pages $(OPEN_PAGES) --cache build/peers --json build/pages.json
	$(BIN)/python -m bench.pages --ours cleaner=bench.fronts:page_by_page --speed $(DATA)/speed/pages.jsonl.zst

# Pages that taught nothing, of sites that taught nothing: what the shipped model does elsewhere.
bench-unseen: $(OPEN_PAGES) $(UNSEEN_PAGES) | $(PEERS)
	mkdir -p build
	$(BIN)/python -m bench.pages $(UNSEEN_PAGES) $(addprefix --apart ,$(OPEN_PAGES)) --cache build/peers \
		--json build/unseen.json --ours careful=bench.fronts:careful --ours balanced=bench.fronts:page_by_page \
		--ours thorough=bench.fronts:thorough

bench-pipelines: | $(DEV)
	$(BIN)/python -m bench.pipelines

bench-languages: | $(DEV)
	$(BIN)/python -m bench.languages $(DATA)

# The models of the folds are trained once; without them it takes a minute.
bench-sites: $(LABELS) $(TAUGHT) $(UNLABELLED) | $(DEV)
	OMP_NUM_THREADS=$(JOBS) $(BIN)/python -m bench.site_memory $(DATA) --teach $(TAUGHT) $(WRITTEN) \
		--unlabelled $(UNLABELLED) --json build/sites.json
	$(BIN)/python -m bench.sites

# Into build/site; nothing is fetched.
docs: $(DEV)
	$(SITE)

report: out/report.jsonl
	$(BIN)/cleaner stats --documents out/report.jsonl

clean:
	rm -rf out build dist $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

out/report.jsonl: $(wildcard seeds/*.txt) | $(BASE)
	$(BIN)/cleaner clean $^ -o out

$(TAUGHT): $(NOTES) $(SOURCES) | $(PAGES)
	mkdir -p build
	$(BIN)/cleaner annotated $(NOTES) $(SOURCES) -o $@

$(UNLABELLED): $(NOTES) $(SOURCES) | $(PAGES)
	mkdir -p build
	$(BIN)/cleaner unlabelled $(NOTES) $(SOURCES) -o $@

$(TAUGHT_PAGES): $(PAGE_NOTES) $(OPEN_PAGES) | $(PAGES)
	mkdir -p build
	$(BIN)/cleaner annotated $(PAGE_NOTES) $(OPEN_PAGES) -o $@

$(LABELS) $(SOURCES) $(UNSEEN_PAGES):
	@echo "The data is missing: $@" >&2
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
	$(BIN)/python -m pip install --quiet --editable ".[train,view,corpora,datasets]" --group dev
	touch $@ $(BASE)

$(PAGES): pyproject.toml | $(DEV)
	$(BIN)/python -m pip install --quiet --editable ".[pages,plot]"
	touch $@

$(PEERS): pyproject.toml | $(DEV)
	$(BIN)/python -m pip install --quiet --editable ".[bench]"
	touch $@
