#!/usr/bin/env bash
# Runs gkepreflight check: annotations to the log, a page to the step's summary, JSON and SARIF to files. Ends with the command's exit status.
set -euo pipefail

reports=${INPUT_REPORTS:-$(mktemp -d "${RUNNER_TEMP:-/tmp}/gkepreflight-reports.XXXXXX")}
mkdir -p "$reports"
# On Windows the steps that follow read the system's form of the path, which pwd -W gives there.
reports=$(cd "$reports" && { pwd -W 2>/dev/null || pwd; })
report=$reports/report.json sarif=$reports/report.sarif summary=$reports/summary.md

arguments=()
while IFS= read -r plan; do
  plan=${plan%$'\r'}
  [ -z "$plan" ] || arguments+=(--plan "$plan")
done <<<"${INPUT_PLAN:-}"
if [ "${#arguments[@]}" -eq 0 ]; then
  echo "::error title=gkepreflight::no plan: give a file of terraform show -json as plan"
  exit 1
fi
if [[ ${INPUT_ARGS:-} == *[![:space:]]* ]]; then
  # xargs splits as a shell does, quotes and all, and runs nothing of what it reads.
  while IFS= read -r -d '' word; do
    arguments+=("$word")
  done < <(printf '%s' "$INPUT_ARGS" | xargs printf '%s\0')
fi

status=0
said=$(mktemp "${RUNNER_TEMP:-/tmp}/gkepreflight-said.XXXXXX")
gkepreflight check "${arguments[@]}" \
  --format github --output - \
  --format markdown --output "$summary" \
  --format sarif --output "$sarif" \
  --format json --output "$report" 2>"$said" || status=$?
cat "$said" >&2
if [ "$status" -eq 1 ]; then
  complaint=$(tail -n 1 "$said")
  echo "::error title=gkepreflight::${complaint//'%'/%25}"
fi

verdict=
if [ "$status" -ne 1 ]; then
  verdict=$(jq --raw-output '.summary | if .failed > 0 then "fail" elif .unknown > 0 then "unknown" elif .warned > 0 then "warn" else "pass" end' "$report")
  cat "$summary" >>"$GITHUB_STEP_SUMMARY"
fi
{
  echo "verdict=$verdict"
  echo "exit-status=$status"
  echo "report=$report"
  echo "sarif=$sarif"
} >>"$GITHUB_OUTPUT"
exit "$status"
