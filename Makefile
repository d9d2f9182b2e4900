# Every target sets up what it needs. The commands themselves are in README.md and CONTRIBUTING.md.
PYTHON ?= python3
BIN := .venv/bin
# Everything a user would find on the PATH of an activated environment.
export PATH := $(CURDIR)/$(BIN):$(PATH)

# What starts a local AWS, and judges neither traffic nor speed: two at a time.
APART := tests/campaigns/inputs $(addprefix tests/campaigns/local_aws/,test_any_request.py test_concurrency.py)

.PHONY: help setup demo aws-timings aws-parity negative-controls mutation-check collections-suite collection test lint bench clean

help: ## list the targets
	@grep -E '^[a-z%-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 20

setup: .venv/.scan ## make .venv with all that README.md and CONTRIBUTING.md name

demo: .venv/.runtime ## start a local AWS, deploy, play and restore eight scenarios, destroy, stop; WATCH=1 serves a live page of it
	ansible-playbook demo.yml $(if $(WATCH),-e watch=true)

aws-timings: .venv/.runtime ## the demonstration at AWS's timings, on a local AWS as late and as strict as AWS can be
	ansible-playbook -i inventory/local -i inventory/unkind demo.yml

aws-parity: .venv/.runtime ## play the claims here at AWS's timings and on the account in ACCOUNT=<id>, which costs, and compare the two
	@python tests/account/parity.py "$(ACCOUNT)"

negative-controls: .venv/.runtime ## play the scenarios without what makes their claims true: they must fail
	ansible-playbook demo.yml -e negative_control=true

mutation-check: .venv/.test ## break the product on purpose, one defect at a time: its scenario must refute it
	CAMPAIGN=full pytest tests/campaigns/defects

collection: .venv/.test ## build the collection of those modules that work on any service, in dist/
	@python collection/build.py dist

collections-suite: .venv/.test ## play amazon.aws's and community.aws's own tests, of the checkouts in FROM=<folder>
	@python tests/collections/suite.py $(if $(FROM),"$(FROM)" $(TARGETS))

test: .venv/.test lint ## lint, then every test
	pytest -n 2 --dist loadfile tests/boot packages tests/unit tests/lint
	pytest -n 2 --dist loadfile --no-loadscope-reorder tests/collections tests/playbooks/deployment $(APART)
	@echo "The rest measures live traffic: nothing may run beside it."
	pytest $(APART:%=--ignore=%) tests/browser tests/campaigns tests/playbooks/scenarios
	molecule test

lint: .venv/.scan ## the static checks alone
	tests/lint/run

bench: .venv/.test ## measure the web server against AWS's own, the live page, the local AWS against stock moto, the prober, the report
	python tests/benchmarks/server.py
	python tests/benchmarks/live_page.py
	python packages/local-aws/benchmarks/control_plane.py
	python packages/local-aws/benchmarks/signatures.py
	python packages/evidence/benchmarks/prober.py
	python packages/evidence/benchmarks/report.py

campaign-%: .venv/.test ## a campaign in full, such as campaign-service; CONTRIBUTING.md lists them
	CAMPAIGN=full pytest tests/campaigns/$(subst -,_,$*)

clean: ## remove what the targets above made
	@$(PYTHON) setup/clean.py

.venv/.runtime: requirements/runtime.txt requirements/bootstrap.txt setup/install.py pyproject.toml packages/evidence/pyproject.toml packages/local-aws/pyproject.toml
	@$(PYTHON) setup/install.py runtime.txt
	@touch $@

.venv/.test: .venv/.runtime requirements/test.txt
	@$(PYTHON) setup/install.py test.txt
	@touch $@

.venv/.scan: .venv/.test requirements/scan.txt
	@uv venv --quiet --clear --python $(BIN)/python .venv/scan
	@uv pip install --quiet --require-hashes --python .venv/scan --requirement requirements/scan.txt
	@touch $@
