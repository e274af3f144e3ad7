#!/usr/bin/env bash
# A real Docker for tests: its daemon with runc on a unix socket, with images, containers and settings in a folder of its own, and no network.
#   docker.sh install        unpack Debian's packages under $DOCKER_ROOT where they are not (62 MB); needs root and apt
#   docker.sh start          start it, with the images of test-images.sh; prints its address
#   docker.sh run ARGUMENT…  its client, with the same daemon
#   docker.sh stop           end it, with every container
set -euo pipefail
D=$(realpath -m "${DOCKER_STATE:-/tmp/sluice-docker}")
cd "$(dirname "$0")/.."
DOCKER_ROOT=${DOCKER_ROOT:-/var/cache/sluice/docker}

install() {
  [ "$(id -u)" = 0 ] || { echo "docker: this script starts it as root only" >&2; exit 1; }
  command -v apt-get >/dev/null || { echo "docker: unpacking it needs apt" >&2; exit 1; }
  missing=()
  for package in runc busybox-static libdevmapper1.02.1; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  if [ "${#missing[@]}" -gt 0 ] || [ ! -x "$DOCKER_ROOT/usr/sbin/dockerd" ]; then
    apt-get update -qq >&2
  fi
  [ "${#missing[@]}" = 0 ] || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  [ ! -x "$DOCKER_ROOT/usr/sbin/dockerd" ] || return 0

  # Unpacked, not installed: the packages would start services. The first process of containers, docker-init, is in tini's.
  rm -rf "$DOCKER_ROOT.new"
  mkdir -p "$DOCKER_ROOT.new"
  (
    cd "$DOCKER_ROOT.new"
    packages=(docker.io containerd tini)
    ! apt-cache show docker-cli >/dev/null 2>&1 || packages+=(docker-cli)
    apt-get -o APT::Sandbox::User=root download -qq "${packages[@]}" >&2
    for package in *.deb; do dpkg -x "$package" .; done
    rm -f ./*.deb
  )
  rm -rf "$DOCKER_ROOT"
  mv "$DOCKER_ROOT.new" "$DOCKER_ROOT"
}

export PATH=$DOCKER_ROOT/usr/bin:$DOCKER_ROOT/usr/sbin:$PATH
export DOCKER_CONFIG=$D/client
CLIENT=(docker -H "unix://$D/socket")

start() {
  mkdir -p "$D"
  echo '{}' >"$D/daemon.json"
  dockerd --bridge=none --iptables=false --ip6tables=false --data-root "$D/data" --exec-root "$D/exec" --pidfile "$D/dockerd.pid" \
    --config-file "$D/daemon.json" -H "unix://$D/socket" --insecure-registry 127.0.0.0/8 >"$D/log" 2>&1 </dev/null &
  echo $! >"$D/pid"
  for _ in $(seq 300); do
    ! "${CLIENT[@]}" version >/dev/null 2>&1 || break
    kill -0 "$(cat "$D/pid")" 2>/dev/null || break
    sleep 0.1
  done

  # That a container runs, and not only that the daemon does.
  if ! scripts/test-images.sh "${CLIENT[@]}" 2>"$D/first" \
    || ! "${CLIENT[@]}" run --rm --init --network none --entrypoint /bin/true localhost/sluice-test:1 >"$D/first" 2>&1; then
    echo "docker: no container runs here: $(tail -qn 1 "$D/log" "$D/first" | grep . | tail -1)" >&2
    stop
    exit 1
  fi
  echo "unix://$D/socket"
}

# Its containers first: it would give each the time to end by itself.
stop() {
  [ -f "$D/pid" ] || return 0
  "${CLIENT[@]}" ps -aq 2>/dev/null | xargs -r "${CLIENT[@]}" rm -f >/dev/null 2>&1 || true
  kill "$(cat "$D/pid")" 2>/dev/null || true
  for _ in $(seq 200); do
    kill -0 "$(cat "$D/pid")" 2>/dev/null || break
    sleep 0.1
  done
  rm -f "$D/pid"
}

case ${1:-} in install) install ;; start) install; start ;; run) shift; "${CLIENT[@]}" "$@" ;; stop) stop ;; *) sed -n 2,6p "$0"; exit 2 ;; esac
