#!/usr/bin/env bash
# Installs what the tests need on Debian or Ubuntu, where it is missing. Needs root or sudo only then.
set -euo pipefail
missing=()
command -v redis-server >/dev/null || missing+=(redis-server)
command -v redis-cli >/dev/null || missing+=(redis-tools)
command -v php >/dev/null || missing+=(php-cli)
php -m 2>/dev/null | grep -qix curl || missing+=(php-curl)
php -m 2>/dev/null | grep -qix dom || missing+=(php-xml)
php -m 2>/dev/null | grep -qix mbstring || missing+=(php-mbstring)
command -v phpunit >/dev/null || missing+=(phpunit)
php -m 2>/dev/null | grep -qix mysqli || missing+=(php-mysql)
command -v mariadbd >/dev/null || missing+=(mariadb-server)
[ -e /usr/share/php/PhpParser/autoload.php ] || missing+=(php-parser)
command -v phpcs >/dev/null || missing+=(php-codesniffer)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
[ ${#missing[@]} -eq 0 ] && exit 0
echo "installing for the tests: ${missing[*]}"
sudo=""
[ "$(id -u)" -eq 0 ] || sudo=sudo
# A package that starts its daemon is of no use here: the tests start their own servers on free ports.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
