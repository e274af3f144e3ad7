#!/usr/bin/env bash
# Publishes the command, compiled ahead as far as it goes, to bin/.
set -euo pipefail
cd "$(dirname "$0")/.."

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) rid=linux-x64 ;;
  Linux-aarch64) rid=linux-arm64 ;;
  Darwin-arm64) rid=osx-arm64 ;;
  *) echo "build: no build for $(uname -s) on $(uname -m)" >&2; exit 1 ;;
esac

dotnet publish src/Sluice.Cli -c Release -r "$rid" --self-contained false -p:PublishReadyToRun=true -p:DebugType=none \
  -o bin/lib --nologo -v q
ln -sfn lib/sluice bin/sluice
touch -h bin/sluice
