#!/usr/bin/env bash
# Installs what the tests need on Debian or Ubuntu, where it is missing. Needs root or sudo only then.
set -euo pipefail
missing=()
# Read whole before it is searched: a reader that stops early would make the writer fail.
modules=$(php -m 2>/dev/null || true)
has() { grep -qix "$1" <<< "$modules"; }
command -v redis-server >/dev/null || missing+=(redis-server)
command -v redis-cli >/dev/null || missing+=(redis-tools)
command -v php >/dev/null || missing+=(php-cli)
has curl || missing+=(php-curl)
has dom || missing+=(php-xml)
has mbstring || missing+=(php-mbstring)
command -v phpunit >/dev/null || missing+=(phpunit)
has mysqli || missing+=(php-mysql)
command -v mariadbd >/dev/null || missing+=(mariadb-server)
[ -e /usr/share/php/PhpParser/autoload.php ] || missing+=(php-parser)
command -v phpcs >/dev/null || missing+=(php-codesniffer)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
# Any of the family drives the pages of the module in tests.
command -v chromium >/dev/null || command -v google-chrome >/dev/null || command -v chromium-browser >/dev/null || missing+=(chromium)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
[ ${#missing[@]} -eq 0 ] && exit 0
echo "installing for the tests: ${missing[*]}"
sudo=""
[ "$(id -u)" -eq 0 ] || sudo=sudo
# A package that starts its daemon is of no use here: the tests start their own servers on free ports.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
