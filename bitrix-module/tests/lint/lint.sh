#!/usr/bin/env bash
# The style of the PHP, and its syntax in the versions from 8.1 to 8.4.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
phpcs

find aligate.aliexpress benches tests -name node_modules -prune -o -name '*.php' -print0 |
	xargs -0 -n 40 -P "$(nproc)" sh -c 'for file; do php -l "$file" 2>&1 | grep -v "^No syntax errors" | grep . && exit 1; done; exit 0' lint

cd tests/lint
if ! cmp -s package-lock.json node_modules/.installed 2>/dev/null; then
	npm ci --silent --no-audit --no-fund --loglevel=error
	cp package-lock.json node_modules/.installed
fi
node other-php.mjs ../../aligate.aliexpress
