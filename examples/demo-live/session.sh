#!/usr/bin/env bash
# What run.sh shows, with the endpoints of the small Google Cloud in the environment.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$1
work=$2
cd "$work"
# Credentials of the machine have no place here.
unset GOOGLE_CREDENTIALS GOOGLE_APPLICATION_CREDENTIALS GOOGLE_IMPERSONATE_SERVICE_ACCOUNT

printf '$ gkepreflight check --live --project demo\n\n'
status=0
"$bin/gkepreflight" check --live --project demo || status=$?
if [ "$status" -ne 2 ]; then
  echo "the check should have found the nodes that the gateway leaves out (exit status 2), and ended with $status"
  exit 1
fi
echo

cli=$(command -v terraform || command -v tofu || true)
if [ -z "$cli" ]; then
  echo "The plan with data sources needs terraform or tofu on PATH, and neither is there."
  exit
fi
cat > cli.tfrc <<CONFIG
provider_installation {
  dev_overrides {
    "gkepreflight/gkepreflight" = "$bin"
  }
  direct {}
}
CONFIG
export TF_CLI_CONFIG_FILE="$work/cli.tfrc" TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1

# plan CLUSTER shows what terraform prints of a plan that rests on a cluster.
plan() {
  cp "$here/plan/main.tf" main.tf
  printf '$ %s plan -var cluster=%s    # examples/demo-live/plan\n\n' "$(basename "$cli")" "$1"
  local status=0
  "$cli" plan -no-color -input=false -var "cluster=$1" > plan.txt 2>&1 || status=$?
  sed -n '/^data\.\|^Terraform \(used\|planned\)\|^Planning failed\|^Changes to\|^Plan:/,/^─/{/^─/!p;}' plan.txt | cat -s
  return "$status"
}

if plan batch; then
  echo "the plan on cluster batch should have failed"
  exit 1
fi
echo
plan shop
echo
echo "The same project, read twice: the plan that rests on batch stopped, the one that rests on shop goes through."
