#!/usr/bin/env bash
# A registry of images for tests, which start and end it themselves on free ports of 127.0.0.1.
#   registry.sh         says where the program is, after unpacking Debian's docker-registry (18 MB, 1 s) under $REGISTRY_ROOT where none is there;
#                       that needs root and Debian's apt
set -euo pipefail
REGISTRY_ROOT=${REGISTRY_ROOT:-/var/cache/sluice/registry}

for found in "$(command -v docker-registry || true)" "$REGISTRY_ROOT/usr/bin/docker-registry"; do
  if [ -x "$found" ]; then
    echo "$found"
    exit
  fi
done

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "registry: there is no docker-registry, and unpacking Debian's needs root and apt" >&2
  exit 1
fi

# Unpacked, not installed: its package would start a service.
rm -rf "$REGISTRY_ROOT.new"
mkdir -p "$REGISTRY_ROOT.new"
cd "$REGISTRY_ROOT.new"
# Lists that are old, or not there, name no file that is.
download() { apt-get -o APT::Sandbox::User=root download -qq docker-registry >&2; }
download 2>/dev/null || { apt-get update -qq >&2; download; }
dpkg -x docker-registry_*.deb .
rm -rf docker-registry_*.deb "$REGISTRY_ROOT"
mv "$REGISTRY_ROOT.new" "$REGISTRY_ROOT"
echo "$REGISTRY_ROOT/usr/bin/docker-registry"
