#!/usr/bin/env bash
# Builds the module's archive in the form that the Marketplace takes: packaging/module/build.sh OUT_DIR [SINCE]
#
# Without SINCE: OUT_DIR/.last_version.tar.gz, the whole module in a folder `.last_version`. With SINCE (a tag or commit):
# OUT_DIR/X.Y.Z.tar.gz, the files changed since then in a folder `X.Y.Z`, beside install/version.php and description.ru.
# Phrases leave in windows-1251, as the upload form asks; a character that it does not have ends the build.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
module=bitrix-module/aligate.aliexpress
out=$(mkdir -p "$1" && cd "$1" && pwd)
since=${2:-}
cd "$root"

version=$(sed -n "s/.*'VERSION' => '\([0-9]\+\.[0-9]\+\.[0-9]\+\)'.*/\1/p" "$module/install/version.php")
[ -n "$version" ] || { echo "install/version.php names no VERSION of the form X.Y.Z" >&2; exit 1; }

if [ -z "$since" ]; then
  folder=.last_version
  files=$(git ls-files -- "$module")
else
  folder=$version
  files=$(git diff --name-only --diff-filter=d "$since" HEAD -- "$module")
  [ -n "$files" ] || { echo "nothing of the module has changed since $since" >&2; exit 1; }
  files=$(printf '%s\n' "$files" "$module/install/version.php" "$module/description.ru" | sort -u)
fi

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
while IFS= read -r file; do
  inside=${file#"$module"/}
  mkdir -p "$build/$folder/$(dirname "$inside")"
  case $inside in
    lang/*|description.*)
      if ! iconv -f UTF-8 -t WINDOWS-1251 "$file" > "$build/$folder/$inside"; then
        echo "$file: a character that windows-1251 does not have" >&2
        exit 1
      fi ;;
    *.png|*.jpg|*.gif|*.ico) cp "$file" "$build/$folder/$inside" ;;
    *)
      if LC_ALL=C grep -nP '[^\x00-\x7F]' "$file" >&2; then
        echo "$file: text outside of ASCII stands in lang/ alone" >&2
        exit 1
      fi
      cp "$file" "$build/$folder/$inside" ;;
  esac
done <<< "$files"

# The same sources give the same bytes.
archive="$out/$folder.tar.gz"
when=$(git log -1 --format=%ct -- "$module")
tar -C "$build" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$when" -cf - "$folder" | gzip -n > "$archive"
echo "$archive: aligate.aliexpress $version, $(tar -tzf "$archive" | grep -vc '/$') files"
