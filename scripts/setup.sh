#!/usr/bin/env bash
# Makes sure that everything is there that the other scripts need. Installs Debian packages where it may; says clearly what is missing.
set -euo pipefail

missing=()
for program in git python3 make openssl; do
  command -v "$program" >/dev/null || missing+=("$program")
done

if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "setup: installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "setup: missing: ${missing[*]}; install them, for example: sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi

if ! command -v dotnet >/dev/null; then
  echo "setup: missing: the .NET SDK 10 (dotnet); see https://dot.net" >&2
  exit 1
fi
if ! (cd "$(dirname "$0")/.." && dotnet --version >/dev/null 2>&1); then
  echo "setup: the .NET SDK named in global.json is not installed; there are: $(dotnet --list-sdks | tr '\n' ' ')" >&2
  exit 1
fi
