#!/usr/bin/env python3
"""Writes a generated job as a git repository, and the same graph for ninja and make.

usage: make_job.py FOLDER TASKS SOURCES [brief]

brief: the tasks share their inputs and commands through YAML aliases, so that 100,000 of them fit into the 4 MiB of a dependencies.yaml. They can
be planned, not run.
"""
import os
import random
import subprocess
import sys
from pathlib import Path

folder, tasks, sources, is_brief = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:] == ["brief"]
rng = random.Random(1)
data, code = folder / "data", folder / "src" / "job"
data.mkdir(parents=True)
code.mkdir(parents=True)
(code / "shared.sh").write_text("# shared\n")

for number in range(sources):
    (data / f"s{number}").write_text(f"{number}\n")

# Groups of 1,000 tasks hang on one source each, so that a change of one source reaches about 1,000 tasks.
rows, ninja, make = ["$job: {name: job, shared: [src/job/shared.sh]}\n"], ["rule run\n  command = sh -c \"$cmd\"\n"], [f"all: {' '.join(f'data/o{n}' for n in range(tasks))}\n"]
for number in range(tasks):
    group = number // 1000
    first = group * 1000
    inputs = [f"s{group}"] if number == first else [f"o{rng.randrange(first, number)}"]
    for _ in range(rng.randrange(3)):
        extra = f"s{rng.randrange(max(1, tasks // 1000), sources)}" if sources > max(1, tasks // 1000) else None
        if extra and extra not in inputs:
            inputs.append(extra)
    files = " ".join(f"data/{name}" for name in inputs)
    command = f"cat {files} | cksum > data/o{number}"
    if is_brief:
        # A hundred tasks read the same; each hundredth reads an output of an earlier one, so that it is a graph.
        base = f"&k{number // 100} {{inputs: [{', '.join(inputs)}], script: shared.sh, command: 'true'}}" if number % 100 == 0 else f"*k{number // 100}"
        rows.append(f"{number:x}: {{<<: {base}, outputs: [o{number}]}}\n")
        continue
    rows.append(f"t{number}: {{inputs: [{', '.join(inputs)}], outputs: [o{number}], script: shared.sh, command: '{command}'}}\n")
    ninja.append(f"build data/o{number}: run {files}\n  cmd = {command}\n")
    make.append(f"data/o{number}: {files}\n\t@{command}\n")

(folder / "dependencies.yaml").write_text("".join(rows))
(folder / "build.ninja").write_text("".join(ninja))
(folder / "Makefile").write_text("".join(make))
(folder / ".gitignore").write_text("build.ninja\nMakefile\n.ninja*\ndata/o*\n")
environment = {**os.environ, "GIT_AUTHOR_NAME": "Bench", "GIT_AUTHOR_EMAIL": "b@example.test", "GIT_COMMITTER_NAME": "Bench", "GIT_COMMITTER_EMAIL": "b@example.test"}
for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
    subprocess.run(["git", "-C", folder, *command], check=True, env=environment)
