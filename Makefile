# Every target does its own set-up. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
SOURCES := $(shell git ls-files --cached --others --exclude-standard 'src/*' Directory.Build.props Directory.Packages.props global.json)

# For `make image`: where the images will be pushed to, their tag, and further arguments of the build.
IMAGE_REGISTRY ?=
IMAGE_TAG ?= $(shell sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
IMAGE_ARGS ?=

.PHONY: help run test build serve executor image bench lint format setup clean

help: ## List the targets
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build, and show the main job on real input
	@python3 scripts/demo.py

test: setup ## Run all tests
	@scripts/test.sh

build: setup bin/sluice ## Build bin/sluice

bin/sluice: $(SOURCES)
	@scripts/build.sh

serve: build ## Run the service on http://127.0.0.1:8000
	@bin/sluice serve

executor: setup ## Build bin/sluice-executor, which runs a task inside its pod
	@scripts/executor.sh

image: ## Build the container images (IMAGE_REGISTRY, IMAGE_TAG, IMAGE_ARGS)
	@scripts/image.sh "$(IMAGE_REGISTRY)" "$(IMAGE_TAG)" $(IMAGE_ARGS)

bench: build ## Run the benchmarks
	@scripts/bench.sh

lint: setup ## Check the format, and build with warnings as errors
	@dotnet format --verify-no-changes && dotnet build --nologo -v q

format: setup ## Format the code
	@dotnet format

setup: ## Install what is missing
	@scripts/setup.sh

clean: ## Remove everything that was built
	@rm -rf artifacts bin
