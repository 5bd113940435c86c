# Everything a developer does with this project. `make` alone lists the targets; each does its own set-up.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

BIN := node_modules/.bin
SCRIPT := node --import tsx
COMPILED := .cache/compiled
RUN := node --enable-source-maps $(COMPILED)/scripts
INSTALLED := node_modules/.package-lock.json
API := generated/openapi.json
API_YAML := generated/openapi.yaml
DOCS := generated/docs.html
RELEASE := 1.0.0
MOST_LINES := 350
FUZZER := .cache/schemathesis

export REDOCLY_TELEMETRY := off
export REDOCLY_SUPPRESS_NOTIFICATIONS := true

.PHONY: help install generate docs build clients check lint-contract compatibility test test-faults fuzz bench demo up mock clean compiled

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Install the npm packages that package-lock.json pins

generate: $(INSTALLED) ## Write generated/ anew from spec/
	$(SCRIPT) scripts/generate.ts

docs: $(DOCS) ## Build the docs page, guides and contract, to generated/docs.html

build: $(INSTALLED) generate $(DOCS) ## Compile to dist/
	$(BIN)/tsc -p tsconfig.build.json
	mkdir -p dist/generated
	cp $(API) $(API_YAML) $(DOCS) dist/generated/

clients: compiled ## Make the clients from the contract and try them against a running server; ONLY="typescript" picks some
	$(RUN)/clients.js $(ONLY)

client-%: compiled ## Make and try one of the clients, such as client-cpp
	$(RUN)/clients.js $*

check: $(INSTALLED) lint-contract compatibility ## Format, types, module boundaries, API description, drift of generated/, dependencies, file sizes
	$(BIN)/biome check
	$(BIN)/tsc --noEmit
	$(BIN)/tsc -p clients/typescript --noEmit
	$(BIN)/depcruise --config .dependency-cruiser.cjs src
	$(SCRIPT) scripts/generate.ts --check
	$(SCRIPT) scripts/locked-dependencies.ts
	@find src -name '*.ts' -exec awk 'FNR == $(MOST_LINES) + 1 { print FILENAME " has more than $(MOST_LINES) lines"; bad = 1 } END { exit bad }' {} +

lint-contract: $(INSTALLED) ## Audit the API description: no finding of Redocly, of Spectral or of its OWASP rules, and nothing undescribed
	$(BIN)/redocly lint $(API)
	$(BIN)/spectral lint --fail-severity hint $(API)
	$(SCRIPT) scripts/contract-share.ts

compatibility: $(INSTALLED) ## Compare the API description with the last release: nothing that clients rely on may be gone
	@cd spec/releases && ../../$(BIN)/redocly diff $(RELEASE).json ../../$(API) --fail-on major || \
	  { echo 'A client of $(RELEASE) would break: add beside what it uses, mark that as deprecated, and leave it there.' >&2; exit 1; }

test: compiled ## Run the tests on real engines; ONLY="part of path" picks files
	$(RUN)/run-tests.js $(ONLY)

test-faults: compiled ## Kill processes over and over under load; ONLY="part of a name" picks some, LOOPS=50
	$(RUN)/test-faults.js $(ONLY)

fuzz: compiled $(FUZZER)/requirements.txt ## Attack a running server with what its contract allows and forbids; SEEDS=3 EXAMPLES=500
	$(RUN)/fuzz.js

bench: compiled ## Measure on real engines and print the figures beside their goals; ONLY="part of a name" picks some
	$(RUN)/bench.js $(ONLY)

demo: compiled ## Show the server at work from an empty start, then end
	$(RUN)/demo.js

up: compiled ## Run the server with engines of its own until Ctrl-C
	$(RUN)/up.js

mock: $(INSTALLED) ## Serve the contract's examples on port 8081, without engines, until Ctrl-C; PORT=8081
	$(SCRIPT) scripts/mock.ts

# Programs run compiled: they start in a third of the time that the compiler on the fly takes.
compiled: $(INSTALLED) $(DOCS)
	$(BIN)/tsc -p tsconfig.compiled.json
	ln -sfn ../../fixtures $(COMPILED)/fixtures
	ln -sfn ../../../$(API) ../../../$(API_YAML) ../../../$(DOCS) $(COMPILED)/generated/

clean: ## Remove what was built and fetched, but not node_modules/
	rm -rf dist clients/typescript/dist clients/python/stage1/api coverage .cache $(DOCS)

$(INSTALLED): package-lock.json
	npm ci
	touch $@

$(DOCS): $(API) $(wildcard docs/guides/*.md) scripts/docs.ts | $(INSTALLED)
	$(SCRIPT) scripts/docs.ts

$(FUZZER)/requirements.txt: scripts/fuzz/requirements.txt
	python3 -m venv $(FUZZER)
	$(FUZZER)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	cp $< $@
