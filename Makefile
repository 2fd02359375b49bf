# Two commands do everything: `make demo` and `make test`. Nothing is written outside this folder but caches.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
export PREFECT_HOME := $(CURDIR)/.prefect
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1

.PHONY: setup demo test check quality train datasheet bench lock format
setup: $(VENV)/.ready

# The pip that comes with Python 3.11 refuses extras in a hashed lock: uv installs it.
$(VENV)/.ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

demo: setup
	$(BIN)/vigie demo

test: setup
	$(BIN)/python -m pytest -q

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

quality: setup
	$(BIN)/python -m pytest -q tests/quality

# The encoder and the judge, from the labelled corpus: two hours of one core. tests/quality/training/README.md tells more.
train: setup
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r tests/quality/training/requirements.txt
	$(BIN)/python -m tests.quality.training first second third figures judge

# docs/quality.md, measured now.
datasheet: setup
	$(BIN)/python -m tests.quality.datasheet

bench: setup
	$(BIN)/python -m benchmarks

# Renews both locks: no index address is written into them.
lock: setup
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-strip-extras --custom-compile-command "make lock" --extra postgres pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-strip-extras --custom-compile-command "make lock" --extra postgres --group dev pyproject.toml -o requirements-dev.lock
