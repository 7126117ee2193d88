# make demo | test | lint | bench | faults | fmt. CI runs `make lint` and `make test`.
SHELL := /bin/bash
.DELETE_ON_ERROR:
export CARGO_TERM_COLOR ?= auto

.PHONY: demo test lint bench faults fmt install-test-tools php-test php-lint

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
	@if command -v cargo-deny >/dev/null; then cargo deny --offline check bans licenses sources; else echo "cargo-deny is not installed: licences and sources are not checked"; fi

bench:
	cargo bench --bench suite $(ARGS)

# The fault tests for as long as wanted: make faults ROUNDS=200
faults: install-test-tools
	ALIGATE_FAULT_ROUNDS=$(or $(ROUNDS),50) cargo test --release --test faults -- --nocapture --test-threads 1

fmt:
	cargo fmt
