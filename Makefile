# Two commands are enough: `make run` to try Lianqi, `make test` for everything CI runs.
# Any Python 3.11, 3.12 or 3.13 will do; name another one with `make run PYTHON=/path/to/python3.12`.

PYTHON ?= $(shell command -v python3 || command -v python || echo python3)
BIN := .venv/bin
# What a production zone sets; the check reads the settings and connects to nothing.
PRODUCTION := LIANQI_DEBUG=0 LIANQI_DEMO=0 LIANQI_INSECURE_HTTP=0 \
	LIANQI_SECRET_KEY=only-for-the-deployment-check-8d1f0c5e7b2a4936a7c1e5d3f9b80246 \
	LIANQI_ALLOWED_HOSTS=lianqi.example.cn

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help env run test test-long spark spark-env lint types walls templates migrations deploy messages unit browser chromium bench clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: ## Create or refresh .venv from uv.lock.
	@$(PYTHON) tools/bootstrap.py

run: env ## Start everything: database, demo zone, web server, worker. Ctrl-C stops it.
	@$(BIN)/lianqi run --stop-with-parent

test: lint types walls templates migrations deploy messages unit browser ## Everything CI runs.
	@echo "== make test: all steps passed"

test-long: env ## The executors of rules against each other, 100,000 cases; takes an hour.
	@echo "== pytest, many cases"
	@LIANQI_RULE_CASES=100000 $(BIN)/pytest -q -n 2 tests/engines/rules/test_agreement.py

spark-env: ## The environment with the extra for Spark.
	@$(PYTHON) tools/bootstrap.py --spark

spark: spark-env ## Bulk matching inside a real Spark local[2]; installs the extra, needs Java 17.
	@echo "== pytest, Spark"
	@$(BIN)/pytest -q -m spark tests/engines/rules tests/ops/test_policy_match.py

lint: env ## Lint and formatting of the Python code.
	@echo "== ruff check"
	@$(BIN)/ruff check .
	@echo "== ruff format --check"
	@$(BIN)/ruff format --check .

types: env ## Types, strict.
	@echo "== mypy"
	@LIANQI_DEBUG=1 $(BIN)/mypy src tools bench

walls: env ## Imports between the floors.
	@echo "== lint-imports"
	@$(BIN)/lint-imports

templates: env ## Lint of the page templates.
	@echo "== djlint"
	@$(BIN)/djlint --lint --quiet src/lianqi/web/templates

migrations: env ## Models and migrations agree.
	@echo "== makemigrations --check"
	@LIANQI_DEBUG=1 $(BIN)/lianqi manage makemigrations --check --dry-run

deploy: env ## Django's deployment check with production settings.
	@echo "== check --deploy"
	@env $(PRODUCTION) $(BIN)/lianqi manage check --deploy --fail-level WARNING

messages: env ## The Chinese catalogue is complete and current.
	@echo "== messages"
	@$(BIN)/python tools/messages.py check

unit: env ## Unit, property, web and API tests.
	@echo "== pytest without a browser"
	@$(BIN)/pytest -q -n 2 -m "not browser"

chromium: env
	@echo "== browser"
	@$(BIN)/python tools/browser.py

browser: chromium ## Journeys in a real Chromium.
	@echo "== pytest in the browser"
	@$(BIN)/pytest -q -n 2 -m browser

bench: env ## Measure and print one table; takes some minutes.
	@$(BIN)/python bench/run.py

clean: ## Remove the environment; the data in var/ stays.
	rm -rf .venv
