#!/usr/bin/env python3
"""Measures a task in a container beside `podman run` of the same command, as a ratio in one run. Needs bin/sluice (make build), and what scripts/podman.sh needs.

usage: bench/container.py [TASKS]
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SLUICE = ROOT / "bin" / "sluice"
PODMAN = ROOT / "scripts" / "podman.sh"
TASKS = int(sys.argv[1]) if len(sys.argv) > 1 else 40
IMAGE = "localhost/sluice-test:1"
COMMAND = "cat data/s > data/o"
ROUNDS = 5


def timed(command, **options):
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    return time.monotonic() - began


def job(folder, tasks):
    (folder / "data").mkdir(parents=True)
    (folder / "src" / "job").mkdir(parents=True)
    (folder / "data" / "s").write_text("1\n")
    (folder / "src" / "job" / "x").write_text("")
    rows = [f"t{number}: {{inputs: [s], outputs: [o{number}], script: x, command: '{COMMAND}{number}'}}\n" for number in range(tasks)]
    header = f"$job: {{name: job, defaults: {{image: '{IMAGE}', track_image: false}}}}\n"
    (folder / "dependencies.yaml").write_text(header + "".join(rows))
    identity = ["-c", "user.name=Bench", "-c", "user.email=b@example.test"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", *identity, "-C", folder, *command], check=True)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        state = {**{key: value for key, value in os.environ.items() if not key.startswith("SLUICE_")}, "PODMAN_STATE": name + "/podman"}
        host = subprocess.run([PODMAN, "start", name + "/socket"], env=state, check=True, capture_output=True, text=True).stdout.strip()
        try:
            measure(folder, {**state, "SLUICE_ENGINE": "container", "SLUICE_CONTAINER__HOST": host})
        finally:
            subprocess.run([PODMAN, "stop"], env=state)


# One after the other on both sides, in turns, so that a machine that is busy now and then is so for both. A run of one task is what a run
# costs without them.
def measure(folder, environment):
    job(folder / "many", TASKS)
    job(folder / "one", 1)
    (folder / "work" / "data").mkdir(parents=True)
    (folder / "work" / "data" / "s").write_text("1\n")
    os.chmod(folder / "work" / "data", 0o777)
    podman = [
        PODMAN, "run", "run", "--rm", "--network", "none", "--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges", "--user", "65534:65534",
        "--init", "-v", f"{folder}/work:/sluice", "-w", "/sluice", "--entrypoint", "/bin/sh", IMAGE, "-c", COMMAND,
    ]
    tasks, plain = [], []
    for number in range(ROUNDS):
        run = [SLUICE, "run", "-j", "1", "--data"]
        one = timed([*run, folder / f"one{number}", "-C", folder / "one"], env=environment)
        many = timed([*run, folder / f"many{number}", "-C", folder / "many"], env=environment)
        tasks.append((many - one) / (TASKS - 1))
        plain.append(statistics.mean(timed(podman, env=environment) for _ in range(TASKS)))
    ratio = statistics.median(task / alone for task, alone in zip(tasks, plain))
    print(f"a task in a container       {statistics.median(tasks) * 1000:7.0f} ms")
    print(f"podman run of its command   {statistics.median(plain) * 1000:7.0f} ms")
    print(f"ratio                       {ratio:7.2f}   (target 1.10)")


if __name__ == "__main__":
    main()
