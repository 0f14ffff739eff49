#!/usr/bin/env bash
# Plans the two demo configurations against the provider built from this tree: the first plan fails, the second passes.
# Needs terraform or tofu on PATH and nothing else: no account, no download.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$1
cli=$(command -v terraform || command -v tofu || true)
if [ -z "$cli" ]; then
  echo "the demo plans with terraform or tofu, and neither is on PATH: here is what the command says of a real plan instead"
  status=0
  "$bin/gkepreflight" check --plan "$here/../../internal/testdata/plans/03-nat-secondary-of-other/plan.json" || status=$?
  [ "$status" -eq 2 ]
  exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/cli.tfrc" <<EOF
provider_installation {
  dev_overrides {
    "gkepreflight/gkepreflight" = "$bin"
  }
  direct {}
}
EOF
export TF_CLI_CONFIG_FILE="$work/cli.tfrc" TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1

# plan NAME shows what terraform prints, from its count of actions on.
plan() {
  cp "$here/$1/main.tf" "$work/main.tf"
  printf '$ %s plan    # examples/demo/%s\n\n' "$(basename "$cli")" "$1"
  local status=0
  (cd "$work" && "$cli" plan -no-color -input=false > plan.txt 2>&1) || status=$?
  sed -n '/^Plan:/,/^─/{/^─/!p;}' "$work/plan.txt" | cat -s
  return "$status"
}

if plan broken; then
  echo "the broken demo should have failed"
  exit 1
fi
echo
plan fixed
echo
echo "The first plan stopped; the second, with one line more in the gateway, goes through."
