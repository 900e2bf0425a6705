# The same commands here and in continuous integration. Each makes .venv when it is missing or out of date.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Tests run two at a time; one thread each keeps them from fighting over two cores.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/pytest

BENCHMARKS := $(filter-out benchmarks/machine.py benchmarks/chosen.py,$(wildcard benchmarks/*.py))

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow browser-runtime check format bench workshop docs clean
.DELETE_ON_ERROR:

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile

$(READY): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(READY) ## Run the main job on a small real data set, into ./demo
	rm -rf demo
	$(BIN)/assay demo --out demo

test: $(READY) ## Run the tests, all but the slow proofs
	$(PYTEST) -m "not slow" --numprocesses 2

test-slow: $(READY) ## Run the proofs that take minutes
	$(PYTEST) -m slow

# onnxruntime-web, which the tests of the exported page run; skipped with a reason where it is absent.
WEB_RUNTIME := .browser-runtime
browser-runtime: $(READY) ## Fetch onnxruntime-web from npm, for the tests of the exported page
	mkdir -p $(WEB_RUNTIME)
	cd $(WEB_RUNTIME) && npm pack --silent onnxruntime-web@$$(../$(BIN)/python -c \
	  'from assay.export.browser import RUNTIME_VERSION; print(RUNTIME_VERSION)')
	tar -xzf $(WEB_RUNTIME)/onnxruntime-web-*.tgz -C $(WEB_RUNTIME) --strip-components=2 \
	  $$($(BIN)/python -c 'from assay.export.browser import RUNTIME_FILES; print(*(f"package/dist/{n}" for n in RUNTIME_FILES))')
	rm $(WEB_RUNTIME)/*.tgz

check: $(READY) ## Format, lint, types, arrows between rooms, sizes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_sizes.py

format: $(READY) ## Put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## Measure what benchmarks/RESULTS.md says, one script after the other
	@set -e; for script in $(BENCHMARKS); do echo "== $$script"; $(BIN)/python $$script; done

workshop: $(READY) ## Run the course's systems in full size, which takes about an hour
	@set -e; for file in workshop/[0-9]*.py; do echo "== $$file"; WORKSHOP=full MPLBACKEND=Agg $(BIN)/python $$file; done

docs: $(READY) ## Build the documentation into ./site
	$(BIN)/python tools/write_recipe_page.py
	$(BIN)/python tools/write_remedies_page.py
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet docs site

clean: ## Remove what the other targets have made, .venv included
	rm -rf $(VENV) $(WEB_RUNTIME) build dist site demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
