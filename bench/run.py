#!/usr/bin/env python3
"""Measures Sluice beside ninja and make on the same generated graph, as ratios in one run. Needs bin/sluice (make build).

usage: bench/run.py [TASKS]
"""
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SLUICE = ROOT / "bin" / "sluice"
IDENTITY = {"GIT_AUTHOR_NAME": "Bench", "GIT_AUTHOR_EMAIL": "b@example.test", "GIT_COMMITTER_NAME": "Bench", "GIT_COMMITTER_EMAIL": "b@example.test"}
ENVIRONMENT = {**{key: value for key, value in os.environ.items() if not key.startswith("SLUICE_")}, **IDENTITY}


def timed(command, folder=None):
    began = time.monotonic()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    return time.monotonic() - began


def median(times, command, folder=None):
    return statistics.median(timed(command, folder) for _ in range(times))


def git(folder, *arguments):
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout.strip()


class Service:
    def __init__(self, state):
        self.process = subprocess.Popen([SLUICE, "serve", "--data", state, "--urls", "http://127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT)
        self.address = self.process.stdout.readline().split()[-1]

    def post(self, path, repository, reference):
        body = json.dumps({"job_name": "job", "job_url": str(repository), "ref": reference}).encode()
        request = urllib.request.Request(self.address + path, body, {"Content-Type": "application/json"})
        began = time.monotonic()
        with urllib.request.urlopen(request, timeout=3600) as answer:
            run = json.load(answer)
        return time.monotonic() - began, run

    def peak_memory(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def rows_for(folder, tasks):
    repository, state = folder / "job", folder / "state"
    subprocess.run([sys.executable, ROOT / "bench" / "make_job.py", repository, str(tasks), "1000"], check=True)
    head = git(repository, "rev-parse", "HEAD")
    rows = []

    def row(what, seconds, baseline, name, target):
        rows.append((what, seconds, baseline, name, target))
        print(f"  {what:<44} {seconds * 1000:9.0f} ms  {seconds / baseline:5.2f} x {name}  (target {target})", flush=True)

    for tool in ("ninja", "make"):
        shutil.copytree(repository, folder / tool)
    ninja_full, make_full = (timed([tool, "-j", "2"], folder / tool) for tool in ("ninja", "make"))
    ninja_none, make_none = (median(5, [tool, "-j", "2"], folder / tool) for tool in ("ninja", "make"))
    print(f"{tasks} tasks; ninja: full {ninja_full:.1f} s, no-op {ninja_none * 1000:.0f} ms; make: full {make_full:.1f} s, no-op {make_none * 1000:.0f} ms")

    first_plan = timed([SLUICE, "--data", state, "plan"], repository)
    row("sluice plan, cold, manifest never seen", first_plan, 0.6, "0.6 s", "1")
    service = Service(state)
    full, _ = service.post("/run", repository, head)
    memory = service.peak_memory()
    row("full run", full, ninja_full, "ninja's full run", "2")
    warm = statistics.median([service.post("/api/v1/plan", repository, head)[0] for _ in range(40)][20:])
    row("plan, nothing to do, service warm", warm, ninja_none, "ninja's no-op", "0.5")
    changed = []
    for number in range(9):
        (repository / "data" / "s0").write_text(f"changed {number}\n")
        git(repository, "commit", "-qam", f"change {number}")
        service.post("/api/v1/plan", repository, "main")
        changed.append(service.post("/api/v1/plan", repository, git(repository, "rev-parse", "HEAD"))[0])
    row("plan, one source changed, ~1,000 tasks", statistics.median(changed), ninja_none, "ninja's no-op", "1.2")
    git(repository, "reset", "-q", "--hard", head)
    print(f"  peak memory of the service: {memory:.0f} MB (target 300)")
    service.stop()
    cold = median(5, [SLUICE, "--data", state, "plan"], repository)
    row("sluice plan, cold, manifest seen before", cold, ninja_none, "ninja's no-op", "3")
    return rows


def growth(folder):
    print("growth: sluice plan of a job never seen, wall time and peak memory")
    for tasks in (1000, 10_000, 100_000):
        repository = folder / f"job{tasks}"
        subprocess.run([sys.executable, ROOT / "bench" / "make_job.py", repository, str(tasks), "1000", "brief"], check=True)
        began = time.monotonic()
        process = subprocess.Popen([SLUICE, "--data", folder / f"state{tasks}", "plan"], cwd=repository, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        if status:
            sys.exit(f"sluice plan of {tasks} tasks failed")
        print(f"  {tasks:>7} tasks: {seconds:6.2f} s, {seconds / tasks * 1e6:5.0f} us a task; {usage.ru_maxrss / 1024:5.0f} MB", flush=True)


def store(folder):
    """How long a run takes beside its task's own cp, which the task times itself: on a virtual machine a cp takes 0.3 to 2 s, as memory comes."""
    repository, state, copy = folder / "job", folder / "state", folder / "copy"
    (repository / "data").mkdir(parents=True)
    source = folder / "gigabyte"
    subprocess.run(f"openssl enc -aes-128-ctr -K 0 -iv 0 -in /dev/zero 2>/dev/null | head -c 1000000000 > {source}", shell=True, check=True)
    command = f"from=$(date +%s%N); cp {source} data/big; to=$(date +%s%N); echo $((to - from)) > data/took"
    (repository / "dependencies.yaml").write_text(f"$job: {{name: job}}\nbig: {{outputs: [big, took], code: [dependencies.yaml], command: '{command}'}}\n")
    git(repository, "init", "-q", "-b", "main")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "first")
    runs, baselines = [], []
    for _ in range(5):
        baselines.append(timed(["sh", "-c", f"openssl dgst -sha256 {source} && cp {source} {copy} && sync"]))
        copy.unlink()
        whole = timed([SLUICE, "--data", state, "run"], repository)
        took = subprocess.run([SLUICE, "--data", state, "get", "took", "-o", "-"], cwd=repository, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout
        runs.append(whole - int(took) / 1e9)
        shutil.rmtree(state)
        subprocess.run(["sync"], check=True)
    baseline, run = statistics.median(baselines), statistics.median(runs)
    print(f"store 1 GB: {run:.2f} s without the task's own cp; openssl dgst + cp + sync {baseline:.2f} s; speed {baseline / run:.0%} of it (target 70 %)")


def main():
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    print(f"commit {commit}, {platform.machine()}, {os.cpu_count()} processors")
    for part in (lambda folder: rows_for(folder, tasks), growth, store):
        folder = Path(tempfile.mkdtemp(prefix="sluice-bench-"))
        try:
            part(folder)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
