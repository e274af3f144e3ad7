#!/usr/bin/env bash
# The images of tests, for any engine: the arguments are its client's, such as `docker -H unix:///socket`.
#   localhost/sluice-test:1  busybox, with a first process that gets in the way unless it is replaced: `false` as the entrypoint
#   localhost/sluice-bare:1  a program called `cat`, and nothing else
set -euo pipefail
D=$(mktemp -d)
trap 'rm -rf "$D"' EXIT

mkdir -p "$D/image/bin" "$D/image/etc" "$D/bare"
cp -L "$(command -v busybox)" "$D/image/bin/busybox"
busybox --list | grep -vx busybox | while read -r applet; do ln -s busybox "$D/image/bin/$applet"; done
printf 'root:x:0:0::/:/bin/sh\n' >"$D/image/etc/passwd"
tar -C "$D/image" -c . | "$@" import -c 'ENTRYPOINT ["/bin/false"]' -c 'ENV FROM_IMAGE=yes' - localhost/sluice-test:1 >/dev/null
cp -L "$(command -v busybox)" "$D/bare/cat"
tar -C "$D/bare" -c . | "$@" import - localhost/sluice-bare:1 >/dev/null
