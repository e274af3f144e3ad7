#!/usr/bin/env bash
# Publishes the executor, a static native binary, to bin/sluice-executor, unless that is newer than its sources. Prints its path.
# Installs what it is linked with where it may; says clearly what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) rid=linux-x64 ;;
  Linux-aarch64) rid=linux-arm64 ;;
  *) echo "executor: it runs in pods; there is no build for $(uname -s) on $(uname -m)" >&2; exit 1 ;;
esac

sources=(src/Sluice.Executor src/Sluice.Core src/Sluice.Store Directory.Build.props Directory.Packages.props global.json)
if [ ! -f bin/sluice-executor ] || [ -n "$(find "${sources[@]}" -newer bin/sluice-executor -type f -print -quit)" ]; then
  packages=(clang cmake make zlib1g-dev libssl-dev)
  if ! dpkg -s "${packages[@]}" >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      echo "executor: installing ${packages[*]}" >&2
      apt-get update -qq >&2
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
    elif ! command -v clang >/dev/null || ! command -v cmake >/dev/null; then
      echo "executor: missing: ${packages[*]}; install them, for example: sudo apt-get install ${packages[*]}" >&2
      exit 1
    fi
  fi

  dotnet publish src/Sluice.Executor -c Release -r "$rid" -o artifacts/executor --nologo -v q >&2
  install -D -m 755 artifacts/executor/sluice-executor bin/sluice-executor
fi

echo "$PWD/bin/sluice-executor"
