# Everything the portal needs is here: `make help`.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test lint lock bench mutate pictures golden clean

PYTHON := $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv/bin
SCALE ?= 1
URL ?= http://127.0.0.1:8000
WORKERS ?= 3# one more than the cores: tests with real workers and browsers wait much
PROOF ?= # words for pytest, for example PROOF="tests/test_embedded_servers.py -x"

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## Install what is needed to run (quick the second time)
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: install python3.11, 3.12 or 3.13."; exit 1; }
	@$(PYTHON) config/bootstrap.py

setup-dev:  ## Install what is needed to test as well
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: install python3.11, 3.12 or 3.13."; exit 1; }
	@$(PYTHON) config/bootstrap.py --dev

run: setup  ## Start the portal with demo data: web, worker and beat (Ctrl-C ends it)
	@DEMO=$${DEMO:-1} exec $(VENV)/python manage.py run_portal

lint: setup-dev  ## Format check, lint, types, templates
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy --strict .
	$(VENV)/djlint --quiet --lint .

test: lint  ## Everything that must hold, browser journeys included
	$(VENV)/python manage.py makemigrations --check --dry-run
	$(VENV)/python -m config.production_check
	$(VENV)/python -m pytest -n $(WORKERS) --dist worksteal $(PROOF)

bench: setup-dev  ## Measure pages, PDF and checks: make bench SCALE=1|10|100
	SCALE=$(SCALE) $(VENV)/python -m bench

mutate: setup-dev  ## Change the pure rules one place at a time and see whether their tests notice (a quarter of an hour)
	nice -n 15 $(VENV)/python -m bench.mutation --children $(WORKERS)

golden: setup-dev  ## Draw the golden pictures of printed pages anew, after a wanted change
	GOLDEN=anew $(VENV)/python -m pytest -q -n 0 tests/agreements/test_pdf_pictures.py

pictures: setup-dev  ## Take the README's pictures from a portal started with make run (URL=…)
	$(VENV)/python docs/make_pictures.py --url $(URL)

lock: setup-dev  ## Choose versions anew and write requirements/ (no registry addresses)
	$(VENV)/python -m config.lock

clean:  ## Remove what was installed and built; var/ (the data) stays
	rm -rf .venv node_modules staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis
