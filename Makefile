# Recontact: everything a person does with it from a terminal. `make demo` to see it, `make test` to trust it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
SPEED ?= 60
# simulator: practice calls, nothing rings. plain: the number is shown once, to be dialled with one's own phone.
GATEWAY ?= simulator
RESPONDENTS ?= 60
SEED ?= 1
PYTHON := .venv/bin/python
RUN_STAMP := .venv/.requirements.txt
DEV_STAMP := .venv/.requirements-dev.txt
# semgrep brings many libraries along, so it lives apart from what runs.
SEMGREP := .venv-semgrep/bin/python
SEMGREP_STAMP := .venv-semgrep/.requirements-semgrep.txt
TEST_PROCESSES ?= 2
YEAR = YEAR_RESPONDENTS=2000 YEAR_DAYS=365 $(PYTHON) -m pytest -s -k adds_up tests/year/test_a_year.py
TESTS ?=
DECISIONS ?= 1000000
CLAIMS ?= 100000
# Rows to measure with; the phone lookup also takes ten times the largest.
SIZES ?= 10000 100000
DATABASES ?= sqlite postgres
MESSAGES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

# The demo stands on its own: nothing from the caller's environment reaches its databases or keys.
DEMO := env -u TEST_DATABASE_URL \
	RECONTACT_DEMO=1 DEBUG=0 SECURE=0 \
	ALLOWED_HOSTS=127.0.0.1,localhost \
	DATABASE_URL="sqlite:///$(CURDIR)/var/db/main.sqlite3" \
	VAULT_DATABASE_URL="sqlite:///$(CURDIR)/var/db/vault.sqlite3" \
	VAULT_KEY_PROVIDER=file VAULT_KEY_FILE="$(CURDIR)/var/keys/vault-keys.json" \
	GATEWAY="$(GATEWAY)" PORT="$(PORT)" PYTHONUNBUFFERED=1
DEMO_MANAGE = $(DEMO) SECRET_KEY="$$(cat var/keys/secret-key)" $(PYTHON) manage.py

# What an installation with people's data would set: `check --deploy` judges that, not the demo.
DEPLOYED := env -u DATABASE_URL -u VAULT_DATABASE_URL \
	RECONTACT_DEMO=0 DEBUG=0 SECURE=1 LOG_LEVEL=WARNING \
	ALLOWED_HOSTS=recontact.example.org CSRF_TRUSTED_ORIGINS=https://recontact.example.org \
	VAULT_KEY_PROVIDER=file

.PHONY: help demo live reset test year check lock messages pictures bench load chaos decisions races

help: ## list the targets
	@grep -hE '^[a-z.]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z.]+):.*## /\1\t/' | sort

# --- Python -----------------------------------------------------------------------------------------------------------

.venv: $(RUN_STAMP) ## make the virtual environment from the locked requirements

# The stamp is a copy of the lock. A checkout may touch the file without changing it: then nothing is installed.
$(RUN_STAMP): requirements.txt
	@python=$$($(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(PYTHON) || true); \
	for name in python3 python3.13 python3.12 python3.11 python; do \
		[[ -n "$$python" ]] && break; \
		found=$$(command -v "$$name") || continue; \
		"$$found" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		echo "Making .venv with $$("$$found" --version)"; \
		rm -rf .venv; "$$found" -m venv .venv; python=$(PYTHON); \
	done; \
	if [[ -z "$$python" ]]; then \
		echo "Recontact needs Python 3.11 or newer with its venv module, and this machine has none on PATH." \
			"Install it (on Debian and Ubuntu: apt-get install python3 python3-venv) and run the same command again." >&2; \
		exit 1; \
	fi; \
	$(call install,requirements.txt,$(RUN_STAMP))

$(DEV_STAMP): $(RUN_STAMP) requirements-dev.txt
	@$(call install,requirements-dev.txt,$(DEV_STAMP))

$(SEMGREP_STAMP): $(RUN_STAMP) requirements-semgrep.txt
	@[[ -x $(SEMGREP) ]] || $(PYTHON) -m venv .venv-semgrep
	@if ! cmp -s requirements-semgrep.txt $@; then \
		echo "Installing requirements-semgrep.txt"; \
		$(SEMGREP) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-semgrep.txt; \
		cp requirements-semgrep.txt $@; \
	fi; touch $@

define install
if ! cmp -s $(1) $(2); then \
	echo "Installing $(1)"; \
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); \
	cp $(1) $(2); \
fi; touch $(2)
endef

lock: $(DEV_STAMP) ## resolve requirements*.in into the locked files
	@for name in requirements requirements-dev requirements-semgrep; do \
		$(PYTHON) -m uv pip compile --quiet --generate-hashes --python-version 3.11.7 \
			--no-emit-index-url --no-emit-find-links --no-header --output-file $$name.txt $$name.in; \
	done

# --- The demo ---------------------------------------------------------------------------------------------------------

demo: $(RUN_STAMP) var/keys/secret-key var/keys/vault-keys.json $(MESSAGES) ## start the synthetic demo (PORT=8000); what was recorded is kept
	@mkdir -p var/db
	@$(DEMO_MANAGE) migrate --verbosity 0
	@$(DEMO_MANAGE) migrate --verbosity 0 --database vault
	@$(DEMO_MANAGE) createcachetable
	@if [[ ! -e var/static/staticfiles.json || -n "$$(find static -newer var/static/staticfiles.json -print -quit)" ]]; \
		then $(DEMO_MANAGE) collectstatic --no-input --verbosity 0; fi
	@if [[ ! -e var/db/demo-loaded ]]; then $(DEMO_MANAGE) demo --respondents $(RESPONDENTS) --seed $(SEED) && touch var/db/demo-loaded; fi
	@$(DEMO_MANAGE) demo --announce
	@LOG_LEVEL=$${LOG_LEVEL:-WARNING} exec $(DEMO_MANAGE) up --port "$(PORT)"

live: $(RUN_STAMP) ## let time run in the started demo, with simulated staff at work (SPEED=60)
	@if [[ ! -e var/db/demo-loaded ]]; then \
		echo "There is no demo yet. Start one with: make demo. Then, in another terminal: make live" >&2; exit 1; fi
	@exec $(DEMO_MANAGE) live --speed "$(SPEED)"

var/keys/secret-key:
	@mkdir -p -m 700 var/keys
	@umask 177; $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))' > $@

var/keys/vault-keys.json:
	@mkdir -p -m 700 var/keys
	@$(PYTHON) -c 'from pathlib import Path; from vault.providers import file; file.create(Path("$@"))'

reset: ## forget everything the demo recorded; the next `make demo` starts from an empty one
	@rm -rf var/db var/keys var/static var/run
	@echo "The demo is empty again. Start it with: make demo"

# --- Tests and checks -------------------------------------------------------------------------------------------------

test: $(DEV_STAMP) $(MESSAGES) ## every test, on SQLite and on a real PostgreSQL, browser included
	@$(PYTHON) -m tests.services.chromium
	@echo "=== Tests on SQLite"
	@env -u DATABASE_URL -u VAULT_DATABASE_URL $(PYTHON) -m pytest -n $(TEST_PROCESSES) --dist worksteal $(TESTS)
	@echo "=== Tests on PostgreSQL"
	@$(PYTHON) -m tests.services.postgres -- $(PYTHON) -m pytest -n $(TEST_PROCESSES) --dist worksteal --database-only $(TESTS)

year: $(DEV_STAMP) ## a simulated year of 2,000 people, judged by an independent observer, on SQLite and PostgreSQL
	@echo "=== A year on SQLite"
	@env -u DATABASE_URL -u VAULT_DATABASE_URL $(YEAR)
	@echo "=== A year on PostgreSQL"
	@$(PYTHON) -m tests.services.postgres -- $(YEAR)

check: $(DEV_STAMP) $(SEMGREP_STAMP) ## linters, types, rules of the house, templates, migrations, deploy check
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	SECRET_KEY=only-for-checks $(PYTHON) -m mypy
	$(PYTHON) -m djhtml --check --tabwidth 2 templates
	$(PYTHON) -m bandit --quiet --configfile pyproject.toml --recursive .
	$(SEMGREP) rules/scan.py
	@keys=$$(mktemp -d); trap 'rm -rf "$$keys"' EXIT; \
	export SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))')"; \
	export Q_SECRET="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))')"; \
	export VAULT_KEY_FILE="$$keys/vault-keys.json"; \
	$(PYTHON) -c 'import os, pathlib; from vault.providers import file; file.create(pathlib.Path(os.environ["VAULT_KEY_FILE"]))'; \
	export VAULT_RECOVERY_KEYS="$$keys/recovery.pub"; umask 077; \
	$(PYTHON) -c 'from vault import offline; print(offline.fresh().public.line, offline.fresh().public.line, sep="\n")' \
		> "$$VAULT_RECOVERY_KEYS"; \
	echo "manage.py makemigrations --check and check --deploy, with settings as an installation would have"; \
	$(DEPLOYED) $(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run && \
	$(DEPLOYED) $(PYTHON) manage.py check --deploy --fail-level WARNING

pictures: $(DEV_STAMP) $(MESSAGES) ## take the pictures in docs/pictures anew, in the browser run through every role
	@$(PYTHON) -m tests.services.chromium
	@PICTURES=1 $(PYTHON) -m pytest -q tests/browser/test_running_server.py

messages: $(MESSAGES) ## compile the translations; needs no GNU gettext

%.mo: %.po | $(RUN_STAMP)
	@$(PYTHON) -m babel.messages.frontend --quiet compile --input-file $< --output-file $@

chaos: $(DEV_STAMP) ## every fault against a running panel, on SQLite, PostgreSQL and with Redis; writes var/chaos.json
	@env -u DATABASE_URL -u VAULT_DATABASE_URL $(PYTHON) -m tests.config.chaos

decisions: $(DEV_STAMP) ## a million decisions of who may be called, each judged apart; writes var/decisions.json (DECISIONS=1000000 SEED=1)
	@env -u DATABASE_URL -u VAULT_DATABASE_URL DECISIONS_IN_THE_DATABASE=3000 $(PYTHON) -m pytest -q -s -k no_claim \
		tests/followups/decisions/test_in_the_database.py
	@$(PYTHON) -m tests.followups.decisions --decisions $(DECISIONS) --seed $(SEED) --processes $(TEST_PROCESSES)

races: $(DEV_STAMP) ## callers who race for the same people while ticks run and processes are killed, on both databases (CLAIMS=100000)
	@$(PYTHON) -m tests.followups.races --claims $(CLAIMS) --processes 16 --database postgres
	@$(PYTHON) -m tests.followups.races --claims $(CLAIMS) --processes 4 --database sqlite

bench: $(DEV_STAMP) ## what it costs, beside the bare primitive, in databases of its own; writes var/bench.json
	@env -u DATABASE_URL -u VAULT_DATABASE_URL $(PYTHON) -m benchmarks --sizes "$(SIZES)" --databases "$(DATABASES)"

load:
	@echo "make $@ is not there yet." >&2; exit 2
