#!/usr/bin/env bash
# Builds once, checks the format, and runs every test project; the last line is the count.
set -uo pipefail
cd "$(dirname "$0")/.."

dotnet build Sluice.slnx -c Debug --nologo -v q || exit 1
dotnet format whitespace --verify-no-changes --no-restore || { echo "The format is off: make format" >&2; exit 1; }

# The real parts, where they can be had.
export S3_STATE
S3_STATE=$(mktemp -d)
export PODMAN_STATE
PODMAN_STATE=$(mktemp -d)
export DOCKER_STATE
DOCKER_STATE=$(mktemp -d)
trap 'scripts/s3-server.sh stop; scripts/podman.sh stop; scripts/docker.sh stop; rm -rf "$S3_STATE" "$PODMAN_STATE" "$DOCKER_STATE"' EXIT
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# have WHAT VARIABLE COMMAND…: what the command prints last goes to the tests; where it fails, those that need it are skipped, and CI fails.
have() {
  local what=$1 variable=$2 found
  shift 2
  if found=$("$@" 2>"artifacts/$variable.log"); then
    export "$variable=${found##*$'\n'}"
  else
    echo "test: no $what ($(tail -1 "artifacts/$variable.log")); the tests that need one are skipped" >&2
    [ -z "${CI:-}" ] || exit 1
  fi
}

s3() { scripts/s3-server.sh start "$port" >&2 && echo "http://127.0.0.1:$port"; }

have "S3 server" TEST_S3_ENDPOINT s3
have "container engine" TEST_CONTAINER_HOST scripts/podman.sh start "$PODMAN_STATE/socket"
have "Docker" TEST_DOCKER_HOST scripts/docker.sh start
have "executor" TEST_EXECUTOR scripts/executor.sh
have "kubectl" TEST_KUBECTL scripts/kubectl.sh
have "registry" TEST_REGISTRY scripts/registry.sh

results=artifacts/test-results
rm -rf "$results" && mkdir -p "$results"
status=0
for project in tests/*.Tests; do
  name=$(basename "$project")
  program="artifacts/bin/$name/debug/$name"
  echo "== $name"
  "$program" -noLogo -noColor -result-trx "$results/$name.trx" || status=1
done

python3 - "$results" <<'PY' || status=1
import glob, sys, xml.etree.ElementTree as tree
passed = failed = skipped = 0
for path in sorted(glob.glob(f"{sys.argv[1]}/*.trx")):
    for result in tree.parse(path).getroot().iter():
        if result.tag.endswith("UnitTestResult"):
            outcome = result.get("outcome")
            passed += outcome == "Passed"
            failed += outcome == "Failed"
            skipped += outcome in ("NotExecuted", "Skipped")
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or not passed else 0)
PY
exit $status
