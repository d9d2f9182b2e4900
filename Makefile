# Every target sets up what it needs. The commands themselves are in README.md and CONTRIBUTING.md.
PYTHON ?= python3
BIN := .venv/bin
# Everything a user would find on the PATH of an activated environment.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help setup demo negative-controls test lint bench clean

help: ## list the targets
	@grep -E '^[a-z%-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 20

setup: .venv/.runtime ## make .venv with what the playbooks and the local AWS need

demo: setup ## start a local AWS, deploy, break and restore in eight ways, destroy, stop
	ansible-playbook demo.yml

negative-controls: setup ## play the scenarios without what makes their claims true: they must fail
	ansible-playbook demo.yml -e negative_control=true

test: .venv/.test lint ## lint, then every test
	pytest -n 2 --dist loadfile packages tests/unit tests/lint
	@echo "The rest measures live traffic: nothing may run beside it."
	pytest tests/browser tests/campaigns tests/scenarios
	molecule test

lint: .venv/.test ## the static checks alone
	tests/lint/run

bench: .venv/.test ## measure the web server against AWS's own, the local AWS against stock moto, the prober
	python tests/benchmarks/server.py
	python packages/local-aws/benchmarks/control_plane.py
	python packages/local-aws/benchmarks/signatures.py
	python packages/evidence/benchmarks/prober.py

campaign-%: .venv/.test ## a campaign in full, such as campaign-service; CONTRIBUTING.md lists them
	CAMPAIGN=full pytest tests/campaigns/$(subst -,_,$*)

clean: ## remove what the targets above made
	@$(PYTHON) requirements/clean.py

.venv/.runtime: requirements/runtime.txt requirements/bootstrap.txt requirements/install.py pyproject.toml packages/evidence/pyproject.toml packages/local-aws/pyproject.toml
	@$(PYTHON) requirements/install.py runtime.txt
	@touch $@

.venv/.test: .venv/.runtime requirements/test.txt
	@$(PYTHON) requirements/install.py test.txt
	@touch $@
