#!/usr/bin/env bash
# Runs the benchmarks: the whole beside ninja, then the parts.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v ninja >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ninja-build >/dev/null
  else
    echo "bench: missing: ninja; install it, for example: sudo apt-get install ninja-build" >&2
    exit 1
  fi
fi

python3 bench/run.py "$@"
dotnet run --project bench/Sluice.Benchmarks -c Release -- --filter '*' --job short
