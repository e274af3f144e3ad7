#!/usr/bin/env bash
# A real container engine for tests: Podman with runc on a unix socket, with images, containers and settings in a folder of its own.
#   podman.sh install        install Debian's packages where they are missing; needs root and apt
#   podman.sh start SOCKET   start it, with the images of test-images.sh; prints its address
#   podman.sh run ARGUMENT…  podman with the same folders
#   podman.sh stop           end it, with every container
# crun, Podman's usual runtime, does not run where both versions of cgroups are mounted.
set -euo pipefail
D=${PODMAN_STATE:-/tmp/sluice-podman}
IMAGES=$(dirname "$(realpath "$0")")/test-images.sh
export CONTAINERS_CONF=$D/containers.conf CONTAINERS_REGISTRIES_CONF=$D/registries.conf

install() {
  missing=()
  for package in podman runc catatonit busybox-static; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "podman: missing: ${missing[*]}; installing them needs root and apt" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

FOLDERS=(--root "$D/root" --runroot "$D/run" --tmpdir "$D/tmp")
engine() { podman "${FOLDERS[@]}" "$@"; }

start() {
  socket=$(realpath -m "$1")
  [ "$(id -u)" = 0 ] || { echo "podman: this script starts it as root only" >&2; exit 1; }
  mkdir -p "$D"
  cat > "$CONTAINERS_CONF" <<C
[containers]
default_ulimits = ["nofile=16384:16384", "nproc=16384:16384"]
log_driver = "k8s-file"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
C
  cat > "$CONTAINERS_REGISTRIES_CONF" <<C
[[registry]]
location = "127.0.0.1"
insecure = true
C
  "$IMAGES" podman "${FOLDERS[@]}" 2>"$D/first" || { tail -1 "$D/first" >&2; exit 1; }
  # In its folder: a file that says so is left in the current one when a container runs out of memory.
  cd "$D"
  podman "${FOLDERS[@]}" system service --time=0 "unix://$socket" >"$D/log" 2>&1 </dev/null &
  echo $! >"$D/pid"
  for _ in $(seq 200); do [ -S "$socket" ] && break; sleep 0.05; done

  # That one runs, and not only that it is there.
  if [ ! -S "$socket" ] || ! engine run --rm --network none --entrypoint /bin/true localhost/sluice-test:1 >"$D/first" 2>&1; then
    stop
    echo "podman: no container runs here: $(tail -1 "$D/first" "$D/log" 2>/dev/null | tail -1)" >&2
    exit 1
  fi
  echo "unix://$socket"
}

stop() {
  [ -f "$D/pid" ] || return 0
  engine rm -fa >/dev/null 2>&1 || true
  kill "$(cat "$D/pid")" 2>/dev/null || true
  engine system reset -f >/dev/null 2>&1 || true
  rm -f "$D/pid"
}

case ${1:-} in install) install ;; start) install; start "${2:?socket}" ;; run) shift; engine "$@" ;; stop) stop ;; *) sed -n 2,7p "$0"; exit 2 ;; esac
