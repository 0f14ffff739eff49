#!/usr/bin/env bash
# Reads a project as it is and judges its clusters, then plans with a data source that does the same. The Google Cloud that is read is a small one
# on this machine: no account, no download.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$here/../.." && go build -o "$work/server" ./examples/demo-live/server)
"$work/server" "$here/session.sh" "$bin" "$work"
