#!/usr/bin/env bash
# Builds the images of the service and of the executor with Docker or Podman, whichever works.
#   image.sh REGISTRY TAG [ARGUMENT…]   REGISTRY may be empty, or end before the last '/': registry.example.org/team
#                                       further arguments go to the build, for example --build-arg SDK_IMAGE=…
set -euo pipefail
cd "$(dirname "$0")/.."
registry=${1:+${1%/}/} tag=$2
shift 2

# A client without its engine is no engine.
engine=
for candidate in docker podman; do
  if command -v "$candidate" >/dev/null && "$candidate" info >/dev/null 2>&1; then
    engine=$candidate
    break
  fi
done
if [ -z "$engine" ]; then
  echo "image: neither Docker nor Podman works here; install one, or start it: \"docker info\" or \"podman info\" says what is missing" >&2
  exit 1
fi

# Podman's own format has no health checks.
format=()
[ "$engine" = docker ] || format=(--format docker)

"$engine" build "${format[@]}" -f deploy/Dockerfile --target service -t "${registry}sluice:$tag" "$@" .
"$engine" build "${format[@]}" -f deploy/Dockerfile --target executor -t "${registry}sluice-executor:$tag" "$@" .
echo "image: ${registry}sluice:$tag ${registry}sluice-executor:$tag"
