# Two commands on a fresh machine with Python 3.11: `make demo` and `make test`. No uv, no activation.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
STAMP   = $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test check lint bench evals clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "dossier needs Python 3.11 or newer; run: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	@echo "setting up $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -e .
	@touch $@

$(STAMP): pyproject.toml | $(BIN)/python
	@echo "setting up $(VENV) for development (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.demo

demo: $(VENV)/.demo ## Research the bundled synthetic account, no network or key needed
	@$(BIN)/dossier demo

test: $(STAMP) ## Run the tests
	@$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(STAMP)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test ## Lint, types, import contracts and the tests: what CI runs

bench: $(STAMP) ## Measure speed as ratios, each in one run
	@missed=0; for file in evals/bench/*.py; do case $$file in */__init__.py) ;; *) echo "== $$file"; $(BIN)/python -m evals.bench.$$(basename $$file .py) || missed=1;; esac; done; exit $$missed

evals: $(STAMP) ## Measure quality on all labelled accounts, against the blessed baseline
	@$(BIN)/dossier-eval run --extractor rules --split all
	@for folder in evals/completions/*/; do [ ! -f "$$folder/recording.json" ] || $(BIN)/dossier-eval run --replay --completions "$$folder" || exit $$?; done

clean: ## Remove the environment and caches
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
