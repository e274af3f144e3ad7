#!/usr/bin/env bash
# A kubectl for tests: they build the overlays with `kubectl kustomize`, and need no cluster.
#   kubectl.sh          says where one is, after unpacking Debian's (80 MB, 5 s) under $KUBECTL_ROOT where none is there that is new enough;
#                       that needs root and Debian's apt
set -euo pipefail
KUBECTL_ROOT=${KUBECTL_ROOT:-/var/cache/sluice/kubectl}

# Since 1.21 an overlay may name a folder among its resources; what came before wanted a field that is deprecated now.
is_new_enough() {
  "$1" version --client -o json 2>/dev/null | python3 -c '
import json, re, sys
version = re.match(r"v(\d+)\.(\d+)", json.load(sys.stdin)["clientVersion"]["gitVersion"])
sys.exit(0 if version and tuple(map(int, version.groups())) >= (1, 21) else 1)' 2>/dev/null
}

for found in "$(command -v kubectl || true)" "$KUBECTL_ROOT/usr/bin/kubectl"; do
  if [ -x "$found" ] && is_new_enough "$found"; then
    echo "$found"
    exit
  fi
done

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "kubectl: there is no kubectl of 1.21 or later, and unpacking Debian's needs root and apt" >&2
  exit 1
fi
mirror=$(sed -nE 's/^URIs: *(.*\/debian)\/?$/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]*\/debian)\/? .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -1 || true)
[ -n "$mirror" ] || { echo "kubectl: no Debian mirror found in the apt sources" >&2; exit 1; }

# From the release after this one, and with lists of its own: nothing of the system changes.
rm -rf "$KUBECTL_ROOT.new"
mkdir -p "$KUBECTL_ROOT.new/apt/lists/partial" "$KUBECTL_ROOT.new/apt/cache/archives/partial"
cd "$KUBECTL_ROOT.new"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" > apt/sources.list
options=(
  -o Dir::Etc::SourceList="$PWD/apt/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$PWD/apt/lists"
  -o Dir::Cache="$PWD/apt/cache" -o Dir::State::Status=/dev/null -o APT::Sandbox::User=root
)
apt-get "${options[@]}" update -qq >&2
apt-get "${options[@]}" download -qq kubectl >&2
dpkg -x kubectl_*.deb .
rm -rf apt kubectl_*.deb "$KUBECTL_ROOT"
mv "$KUBECTL_ROOT.new" "$KUBECTL_ROOT"
echo "$KUBECTL_ROOT/usr/bin/kubectl"
