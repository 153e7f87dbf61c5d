# Stillpoint. `make` alone lists what there is.
#
# PYTHON is the interpreter that QGIS uses; TORCH is auto, cpu or cuda; DATA is a point file of yours for the demo, or a
# stack, or the folder of a product.
PYTHON ?= /usr/bin/python3
TORCH ?= auto
DATA ?=
LANGUAGE ?=
DEMO ?= demo-output

VENV := .venv
DOCS := build/docs-env
STAMPS := $(VENV)/stamps
ENGINE := $(VENV)/bin/python
# Without a display the pictures are drawn off screen; with one, the demo and the tests still open no window.
OFFSCREEN := QT_QPA_PLATFORM=offscreen

.DEFAULT_GOAL := help
.PHONY: help setup environment link demo test test-matrix test-faults lint qgis package bench screenshots reference docs clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: environment link ## Install QGIS where missing, make .venv, put the plugin into QGIS

environment: $(STAMPS)/engine

# The stamps lie in .venv, so removing .venv makes everything again; they are older than what they depend on only
# after a change of the requirements.
$(STAMPS)/system: tools/setup/system.sh
	@tools/setup/system.sh $(PYTHON)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/engine: $(STAMPS)/system pyproject.toml tools/setup/engine.sh
	@tools/setup/engine.sh $(PYTHON) $(VENV) $(TORCH)
	@touch $@

link: environment
	@tools/setup/link.sh $(PYTHON) $(VENV)

demo: environment ## Simulate a valley, a city, interferograms, a surge; map what is found in them (DATA=FILE: points or a stack)
	@PYTHONUNBUFFERED=1 $(OFFSCREEN) $(ENGINE) -m stillpoint.plugin.demo --output "$(DEMO)" $(if $(DATA),--data "$(DATA)")

test: lint ## All checks: lint, the walls of the house, tests
	$(OFFSCREEN) $(ENGINE) -m pytest

test-matrix: ## All tests on QGIS 3.22, 3.40 and 3.44, each in a Debian of its own in a folder (as root; some 3 GB each)
	@tools/matrix/run.sh

test-faults: environment ## The long selection of faults: kills, cancels, full disks, malformed files by the thousand
	STILLPOINT_FAULT_SEED=$${STILLPOINT_FAULT_SEED:-random} $(OFFSCREEN) $(ENGINE) -m pytest -m slow tests/faults

lint: environment ## ruff, mypy, the walls of the house, bandit, detect-secrets
	@tools/lint.sh $(VENV)

qgis: setup ## Open QGIS with the plugin and the demo project
	@[ -f "$(DEMO)/valley.qgz" ] || $(MAKE) --no-print-directory demo
	qgis --project "$(DEMO)/valley.qgz"

package: environment ## dist/stillpoint.zip for QGIS's plugin repository
	@$(ENGINE) -m tools.package --output dist/stillpoint.zip

bench: $(STAMPS)/bench ## Benchmarks of the trend classifiers: accuracy, speed, real files
	$(ENGINE) -m benchmarks.trends.accuracy
	$(ENGINE) -m benchmarks.trends.speed
	$(ENGINE) -m benchmarks.trends.real

$(STAMPS)/bench: $(STAMPS)/engine
	$(ENGINE) -m pip install --quiet --constraint $(VENV)/constraints.txt --editable ".[bench]"
	@touch $@

screenshots: setup ## Pictures of the plugin in a real QGIS window; those of the pages in docs/ are replaced
	$(ENGINE) -m stillpoint.tools.screenshots --publish

reference: environment ## The pages in docs/ that list every command and algorithm, from the jobs
	@$(OFFSCREEN) $(ENGINE) -m stillpoint.tools.reference

# An environment of its own: nothing of it belongs into the engine's. The site loads nothing from elsewhere.
docs: $(DOCS)/bin/mkdocs ## The documentation as a site in build/site
	@NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build --strict --quiet
	@echo "build/site/index.html"

$(DOCS)/bin/mkdocs: docs/requirements.txt
	@$(PYTHON) -m venv $(DOCS)
	@$(DOCS)/bin/python -m pip install --quiet --requirement docs/requirements.txt
	@touch $@

translations: environment ## Bring the translations up to date with the texts in the code (LANGUAGE=fr begins one)
	$(ENGINE) -m tools.translations $(if $(LANGUAGE),--add $(LANGUAGE))

clean: ## Remove what was built (not .venv)
	rm -rf build dist demo-output screenshots-output .mypy_cache .ruff_cache .pytest_cache
