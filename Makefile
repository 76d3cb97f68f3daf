# The commands of this project; "make" alone lists them. Each one sets up what it needs by itself.
.DEFAULT_GOAL := help
.PHONY: help setup test parity test-matrix test-qt6 lint format demo bench docs pictures screenshots package deploy link transup compile clean
MAKEFLAGS += --no-print-directory

PYTHON := .venv/bin/python
ENGINE_PYTHON := .venv-engine/bin/python
PROFILE ?= default
PYTEST_OPTIONS ?=

unexport PYTHONHOME
unexport PYTHONPATH

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## install what is missing and make .venv and .venv-engine
	@bash scripts/set_up.sh

test: setup ## run all tests: in QGIS's interpreter, and those without it in the engine's
	@status=0; \
	echo "== tests in QGIS's interpreter"; \
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest tests --ignore=tests/engine $(PYTEST_OPTIONS) || status=1; \
	echo "== tests/core and tests/engine in the engine's interpreter"; \
	$(ENGINE_PYTHON) -m pytest tests/core tests/engine -p no:cacheprovider $(PYTEST_OPTIONS) || status=1; \
	exit $$status

test-matrix: setup ## run the tests that touch QGIS on QGIS 3.40 and 3.44, and the Qt 6 check (root; long)
	@$(PYTHON) scripts/test_matrix.py

test-qt6: setup ## check the package's calls against the types of Qt 6
	@$(PYTHON) scripts/test_matrix.py qt6

parity: setup ## compare networks with their official implementations (CASES="folder-or-glob ...")
	@$(ENGINE_PYTHON) scripts/parity.py $(CASES)

lint: setup ## check style, types, floors and security
	@status=0; \
	run() { echo "== $$*"; "$$@" || status=1; }; \
	run .venv/bin/ruff check --output-format concise .; \
	run .venv/bin/ruff format --check --output-format concise .; \
	run .venv/bin/mypy; \
	run .venv/bin/lint-imports --no-logo; \
	run .venv/bin/bandit --quiet -c pyproject.toml -r satfusion_qgis; \
	[ $$status = 0 ] && echo "lint: all checks passed" || echo "lint: FAILED"; \
	exit $$status

format: setup ## mend style where a tool can
	@.venv/bin/ruff check --fix-only .; .venv/bin/ruff format .

demo: setup ## fuse a generated scene in QGIS and compare with its truth (demo-output/)
	@$(PYTHON) scripts/demo.py

bench: setup ## measure speed and memory
	@status=0; \
	$(PYTHON) benchmarks/bench.py || status=1; \
	$(ENGINE_PYTHON) benchmarks/bench_networks.py || status=1; \
	$(ENGINE_PYTHON) benchmarks/bench_pairs_networks.py || status=1; \
	$(PYTHON) benchmarks/bench_pipeline.py $(ENGINE_PYTHON) || status=1; \
	$(PYTHON) benchmarks/spatiotemporal.py --quick || status=1; \
	exit $$status

docs: setup ## make the documentation's pages (build/docs/index.html)
	@$(PYTHON) scripts/build_docs.py

pictures: setup ## draw the small pictures of the help panels (satfusion_qgis/help/)
	@$(PYTHON) scripts/help_pictures.py

screenshots: setup ## take the pictures of the documentation in QGIS's window (docs/images/)
	@$(PYTHON) scripts/screenshots.py docs/images

package: setup compile ## build and check dist/satfusion_qgis-VERSION.zip
	@$(PYTHON) scripts/package.py package

deploy: setup compile ## copy the plugin into the QGIS profile (PROFILE=default)
	@$(PYTHON) scripts/package.py deploy --profile "$(PROFILE)"

link: setup ## link this checkout into the QGIS profile (PROFILE=default)
	@$(PYTHON) scripts/package.py link --profile "$(PROFILE)"

transup: setup ## collect the texts to translate into i18n/*.ts, and list what is not translated
	@$(PYTHON) scripts/translations.py collect

compile: setup ## compile i18n/*.ts to i18n/*.qm
	@$(PYTHON) scripts/translations.py compile

clean: ## remove what the commands built, the environments included
	rm -rf build dist demo-output .venv .venv-engine *.egg-info i18n/*.qm
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find satfusion_qgis tests scripts benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
