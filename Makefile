# Everything the project does on a developer's or a library's machine. Needs Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The same and Spark, half a gigabyte that a hub runs without.
COMPLETE := $(VENV)/.complete
WORKERS ?= 2

.PHONY: setup run test lint bench soak pictures lock clean
.DELETE_ON_ERROR:

setup: $(COMPLETE)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, not " + sys.version)'
	@$(PYTHON) -c 'import ensurepip' || { echo "The venv module is incomplete: on Debian, apt install python3-venv"; exit 1; }
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
# sickle's source holds an invalid escape that is an error under -W error unless compiled first.
	$(BIN)/python -W ignore -m compileall -q $$($(BIN)/python -c 'import importlib.util as u; print(u.find_spec("sickle").submodule_search_locations[0])')
	touch $(READY)

# Spark comes as half a gigabyte of source: packed once more and compiled it takes four times as long.
$(COMPLETE): $(READY) requirements-spark.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		--no-compile --config-settings=--build-option=--compression=stored -r requirements-spark.lock
	touch $(COMPLETE)

run: $(READY)
	$(BIN)/lienthong demo

test: setup
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m bench

soak: setup
	$(BIN)/python -m pytest -n 0 -m soak --timeout 0

# The pictures of the how-tos, from the demo's hub as it is now. NAMES="sources harvest" makes some.
pictures: setup
	PYTHONPATH=.:tests $(BIN)/python -m support.pictured $(NAMES)

# New locks: hashed, with no index or host named in them. What both have is of one version.
lock: setup
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --group pyproject.toml:dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --extra spark -c requirements.lock pyproject.toml \
		-o requirements-spark.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist
