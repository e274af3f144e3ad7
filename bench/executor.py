#!/usr/bin/env python3
"""Measures the executor beside `true` and beside curl, as ratios in one run. Needs bin/sluice-executor (make executor), curl, and what scripts/s3-server.sh needs.

usage: bench/executor.py
"""
import json
import os
import socket
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXECUTOR = ROOT / "bin" / "sluice-executor"
RUN = "01" + "0" * 24
TIMES = 40


def timed(command, environment=None):
    began = time.monotonic()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def median(command, environment=None, before=lambda: None):
    times = []
    for _ in range(TIMES):
        before()
        times.append(timed(command, environment))
    return statistics.median(times)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        server = {**os.environ, "S3_STATE": folder + "/s3"}
        os.mkdir(folder + "/s3")
        subprocess.run([ROOT / "scripts/s3-server.sh", "start", str(port)], env=server, check=True, stdout=subprocess.DEVNULL)
        try:
            measure(folder, f"http://127.0.0.1:{port}")
        finally:
            subprocess.run([ROOT / "scripts/s3-server.sh", "stop"], env=server)


def measure(folder, endpoint):
    claim = {
        "task": 0, "pod": "p", "fingerprint": "sha256:" + "0" * 64, "files": {},
        "started_at": "2026-01-01T00:00:00+00:00", "finished_at": "2026-01-01T00:00:00+00:00",
    }
    signed = ["curl", "-sf", "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD", "--aws-sigv4", "aws:amz:us-east-1:s3", "--user", "sluice:sluice-secret"]
    key = f"{endpoint}/bench/job/.sluice/work/{RUN}/claims/0.json"
    subprocess.run([*signed, "-X", "PUT", f"{endpoint}/bench"], check=True)
    subprocess.run([*signed, "-X", "PUT", "--data-binary", json.dumps(claim), key], check=True)
    pod = folder + "/pod"
    os.mkdir(pod)
    secret = {"STORE_ACCESS_KEY": "sluice", "STORE_SECRET_KEY": "sluice-secret"}
    place = {"STORE_ENDPOINT": endpoint, "STORE_BUCKET": "bench"}

    def install():
        subprocess.run([EXECUTOR, "install", pod], env=secret, check=True)

    start, true = median([EXECUTOR]), median(["true"])
    claimed = median([pod + "/executor", "run", "job", RUN, "0"], place, before=install)
    curl = median([*signed, key])
    print(f"size: {EXECUTOR.stat().st_size / 1e6:.1f} MB")
    print(f"start: {start * 1e3:.1f} ms, {start / true:.1f} x `true` ({true * 1e3:.1f} ms)")
    print(f"claimed before (start, one request, end): {claimed * 1e3:.1f} ms, {claimed / curl:.1f} x the same request by curl ({curl * 1e3:.1f} ms)")


main()
