# Patchcord's commands. `make` alone lists them.

MAKEFLAGS += --no-print-directory
TOOLS := $(CURDIR)/target/tools

# No proxy stands between two processes of one machine.
comma := ,
export NO_PROXY := 127.0.0.1,localhost$(addprefix $(comma),$(or $(NO_PROXY),$(no_proxy)))

.DEFAULT_GOAL := help
.PHONY: help run test bench soak tools test-tools clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: tools ## Run the whole stack on this machine until Ctrl-C
	@cargo build --bins
	@CARGO_LAMBDA="$${CARGO_LAMBDA:-$(TOOLS)/bin/cargo-lambda}" cargo run --quiet --bin patchcord -- run

test: ## Check everything: format, lints, tests, the template
	@scripts/test.sh

bench: ## Measure the release binary
	@scripts/bench.sh

soak: tools ## Run what takes too long for `make test`: months of contacts, large uninstalls, a million contacts
	@cargo test -p patchcord-tests --test contacts --test imports -- --ignored --nocapture
	@cargo test -p patchcord --test import_files -- --ignored --nocapture
	@scripts/soak-imports.sh

tools: ## Fetch what `make run` needs into target/tools
	@scripts/tools.sh run

test-tools: ## Fetch what `make test` needs into target/tools
	@scripts/tools.sh test

clean: ## Remove everything that was built or fetched
	@rm -rf .aws-sam
	@cargo clean
