#!/usr/bin/env bash
# Fails when the examples are not formatted or the docs are not what schemas, templates, examples and checks make of them. Works on a copy,
# so that nothing here changes and nothing needs to be committed.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
tar --create --exclude=./.git --exclude=./bin --exclude=./dist --exclude=.terraform . | tar --extract --directory "$copy"
(cd "$copy/tools" && go generate ./... >"$copy/generate.log" 2>&1) || { cat "$copy/generate.log"; exit 1; }

stale=0
for folder in docs examples; do
  diff --recursive --unified "$folder" "$copy/$folder" || stale=1
done
if [ "$stale" -ne 0 ]; then
  echo "docs or examples are stale: run go generate ./... in tools (make generate)"
  exit 1
fi
echo "docs and examples are up to date"
