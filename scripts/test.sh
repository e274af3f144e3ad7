#!/usr/bin/env bash
# Builds once, checks the format, and runs every test project; the last line is the count.
set -uo pipefail
cd "$(dirname "$0")/.."

dotnet build Sluice.slnx -c Debug --nologo -v q || exit 1
dotnet format whitespace --verify-no-changes --no-restore || { echo "The format is off: make format" >&2; exit 1; }

# A real S3 server, where one can be had; without it the tests that need one are skipped, and CI fails.
export S3_STATE
S3_STATE=$(mktemp -d)
export PODMAN_STATE
PODMAN_STATE=$(mktemp -d)
trap 'scripts/s3-server.sh stop; scripts/podman.sh stop; rm -rf "$S3_STATE" "$PODMAN_STATE"' EXIT
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
if scripts/s3-server.sh start "$port" >artifacts/s3-server.log 2>&1; then
  export TEST_S3_ENDPOINT="http://127.0.0.1:$port"
else
  echo "test: no S3 server ($(tail -1 artifacts/s3-server.log)); the tests that need one are skipped" >&2
  [ -z "${CI:-}" ] || exit 1
fi

# A real container engine; the same holds for it.
if TEST_CONTAINER_HOST=$(scripts/podman.sh start "$PODMAN_STATE/socket" 2>artifacts/podman.log); then
  export TEST_CONTAINER_HOST
else
  unset TEST_CONTAINER_HOST
  echo "test: no container engine ($(tail -1 artifacts/podman.log)); the tests that need one are skipped" >&2
  [ -z "${CI:-}" ] || exit 1
fi

# The executor as it is published, which the stand-in for Argo starts; the same holds for it.
if TEST_EXECUTOR=$(scripts/executor.sh 2>artifacts/executor.log); then
  export TEST_EXECUTOR
else
  unset TEST_EXECUTOR
  echo "test: no executor ($(tail -1 artifacts/executor.log)); the tests that need one are skipped" >&2
  [ -z "${CI:-}" ] || exit 1
fi

# What builds the overlays of deploy/; the same holds for it.
if TEST_KUBECTL=$(scripts/kubectl.sh 2>artifacts/kubectl.log); then
  export TEST_KUBECTL
else
  unset TEST_KUBECTL
  echo "test: no kubectl ($(tail -1 artifacts/kubectl.log)); the tests that need one are skipped" >&2
  [ -z "${CI:-}" ] || exit 1
fi

# A registry of images, which the tests that need one start; the same holds for it.
if TEST_REGISTRY=$(scripts/registry.sh 2>artifacts/registry.log); then
  export TEST_REGISTRY
else
  unset TEST_REGISTRY
  echo "test: no registry ($(tail -1 artifacts/registry.log)); the tests that need one are skipped" >&2
  [ -z "${CI:-}" ] || exit 1
fi

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
