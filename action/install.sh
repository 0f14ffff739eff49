#!/usr/bin/env bash
# Puts a gkepreflight on the PATH of the job's later steps: one that is there already, or a release, held against its checksum.
set -euo pipefail

version=${INPUT_VERSION:-}
version=${version#v}
if [ -z "$version" ] && command -v gkepreflight >/dev/null; then
  echo "on the PATH: $(gkepreflight version)"
  exit
fi
if [ -z "$version" ] && [[ ${ACTION_REF:-} =~ ^v[0-9]+\.[0-9]+\.[0-9]+ ]]; then
  version=${ACTION_REF#v}
fi
if ! [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+[-+.0-9A-Za-z]*$ ]]; then
  echo "::error title=gkepreflight::version \"$version\" is no release: give one such as 0.1.0, use this action by the tag of one, or put gkepreflight on the PATH"
  exit 1
fi

case "${RUNNER_OS:-$(uname -s)}" in
  Linux) os=linux archive=tar.gz ;;
  macOS | Darwin) os=darwin archive=tar.gz ;;
  Windows | MINGW* | MSYS*) os=windows archive=zip ;;
  *) echo "::error title=gkepreflight::there is no release for ${RUNNER_OS:-$(uname -s)}" && exit 1 ;;
esac
case "${RUNNER_ARCH:-$(uname -m)}" in
  X64 | x86_64) arch=amd64 ;;
  ARM64 | aarch64 | arm64) arch=arm64 ;;
  *) echo "::error title=gkepreflight::there is no release for ${RUNNER_ARCH:-$(uname -m)}" && exit 1 ;;
esac

# GKEPREFLIGHT_RELEASES names a mirror of the releases, where runners do not reach GitHub's.
releases=${GKEPREFLIGHT_RELEASES:-https://github.com/gkepreflight/terraform-provider-gkepreflight/releases/download}
file=gkepreflight_${version}_${os}_${arch}.${archive}
sums=terraform-provider-gkepreflight_${version}_SHA256SUMS
folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/gkepreflight.XXXXXX")
fetch() { curl --fail --silent --show-error --location --retry 3 --output "$folder/$1" "$releases/v$version/$1"; }

fetch "$file"
expected=${INPUT_SHA256:-}
if [ -z "$expected" ]; then
  fetch "$sums"
  expected=$(awk -v file="$file" '$2 == file || $2 == "*" file { print $1 }' "$folder/$sums")
fi
if command -v sha256sum >/dev/null; then
  actual=$(sha256sum "$folder/$file")
else
  actual=$(shasum -a 256 "$folder/$file")
fi
actual=${actual%% *}
if [ -z "$expected" ] || [ "$actual" != "$expected" ]; then
  echo "::error title=gkepreflight::$file has the checksum $actual, expected ${expected:-one in $sums, which does not list it}"
  rm -rf "$folder"
  exit 1
fi

case "$archive" in
  tar.gz) tar -xzf "$folder/$file" -C "$folder" gkepreflight ;;
  zip) unzip -q "$folder/$file" gkepreflight.exe -d "$folder" ;;
esac
rm -f "${folder:?}/$file" "$folder/$sums"
echo "$folder" >>"$GITHUB_PATH"
echo "installed: $("$folder/gkepreflight" version), sha256 $actual"
