# make demo: paint a bundled doodle, start to end.   make test: everything that must hold.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
EXTRAS := paint,embedded,postgres,discord,mastodon,bluesky,test,check

.PHONY: demo test test-slow soak chromium test-lowest check fix bench clean

demo: $(VENV)/.paint
	@$(BIN)/twobit demo

test: $(VENV)/.all check chromium
	$(BIN)/python -m pytest -n 2 --dist loadgroup

# The studio is tested in a real browser: the system's own, else Debian's package where root may install it.
chromium:
	@command -v chromium chromium-browser google-chrome-stable google-chrome >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && timeout 120 apt-get update -qq \
			&& DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
		|| echo "no Chromium, and none can be installed: the tests of the pages are skipped"

# Large inputs: some minutes, and a gigabyte of memory.
test-slow: $(VENV)/.all
	$(BIN)/python -m pytest -m slow

# Faults, load and mutated files for minutes; put what it prints into benchmarks/results/soak.md.
soak: $(VENV)/.all
	$(BIN)/python -m pytest -m soak -s

# The oldest versions that pyproject.toml allows, in a venv of their own.
test-lowest:
	$(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/bin/python -m pip install --quiet uv
	$(VENV)-lowest/bin/uv pip install --quiet --python $(VENV)-lowest --resolution lowest-direct \
		--editable '.[paint,embedded,postgres,discord,mastodon,bluesky,test]'
	$(VENV)-lowest/bin/python -m pytest

check: $(VENV)/.all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.all
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.all
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.quality
	$(BIN)/python -m benchmarks.content
	$(BIN)/python -m benchmarks.claims
	$(BIN)/python -m benchmarks.pages

clean:
	rm -rf $(VENV) $(VENV)-lowest build demo *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Twobit needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.paint: $(BIN)/python pyproject.toml constraints.txt
	@echo "installing into $(VENV); torch is large, the first time takes some minutes"
	$(INSTALL) --editable '.[paint,embedded]'
	@touch $@

$(VENV)/.all: $(BIN)/python pyproject.toml constraints.txt
	@echo "installing into $(VENV); torch is large, the first time takes some minutes"
	$(INSTALL) --editable '.[$(EXTRAS)]'
	@touch $@ $(VENV)/.paint
