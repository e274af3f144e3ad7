#!/usr/bin/env python3
"""Shows the main job on real input: commits go in, results come out, and only what changed runs.

Builds a git repository from examples/breast-cancer, starts the service on a free loopback port, and after each commit asks
POST /run. Stops what it started, also when it is interrupted.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SLUICE = ROOT / "bin" / "sluice"
STATE = ROOT / "artifacts" / "demo"
JOB = "breast-cancer"
IDENTITY = {"GIT_AUTHOR_NAME": "Demo", "GIT_AUTHOR_EMAIL": "demo@example.test", "GIT_COMMITTER_NAME": "Demo", "GIT_COMMITTER_EMAIL": "demo@example.test", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}


def git(repository, *arguments):
    subprocess.run(["git", "-C", repository, *arguments], check=True, stdout=subprocess.DEVNULL, env={**os.environ, **IDENTITY})


def replace(path, old, new):
    text = path.read_text()
    if old not in text:
        sys.exit(f"demo: {path} has no '{old}'")
    path.write_text(text.replace(old, new))


def post(address, repository):
    body = json.dumps({"job_name": JOB, "job_url": str(repository)}).encode()
    request = urllib.request.Request(f"{address}/run", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"demo: POST /run answered {error.code}: {error.read().decode()}")


def words(task):
    reasons = [" ".join(filter(None, [reason["code"].replace("_", " "), reason["subject"] if reason["code"] != "new_task" else ""]))
               for reason in task["reasons"]]
    return ", ".join(reasons[:2]) + (", …" if len(reasons) > 2 else "")


def show(title, status, run, seconds):
    print(f"\n== {title}\n   POST /run answered {status} after {seconds:.1f} s; commit {run['commit'][:7]}")
    print(f"   {'TASK':<12}{'PREDICTED':<11}{'HAPPENED':<11}{'TIME':<8}WHY")
    for task in run["tasks"]:
        spent = ""
        if task["state"] == "executed":
            spent = f"{(moment(task['finished_at']) - moment(task['started_at'])):.2f} s"
        left = f"   {task['name']:<12}{task['planned']:<11}{task['state']:<11}{spent:<8}"
        why = textwrap.wrap(words(task), 80 - len(left), break_long_words=False) or [""]
        print("\n".join(f"{lead}{line}".rstrip() for lead, line in zip([left, *[" " * len(left)] * len(why)], why)))


def moment(text):
    from datetime import datetime

    head, _, tail = text.replace("Z", "+00:00").partition(".")
    digits = tail.partition("+")[0][:6] or "0"
    return datetime.fromisoformat(f"{head.partition('+')[0]}+00:00").timestamp() + float(f"0.{digits}")


def expect(run, executed):
    ran = sorted(task["name"] for task in run["tasks"] if task["state"] == "executed")
    if ran != sorted(executed):
        sys.exit(f"demo: expected {sorted(executed)} to run, and {ran} ran")


def steps(repository):
    code = repository / "src" / JOB
    everything = [path.name for path in code.glob("*.py") if path.name != "logistic.py"]

    def commit(message):
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--message", message)

    commit("The first version")
    yield "The first commit: everything runs", everything
    replace(code / "evaluate.py", "THRESHOLD = 0.5", "THRESHOLD = 0.4")
    commit("Call more tumours benign")
    yield "One script changed: its task runs, and what follows", ["evaluate.py", "report.py"]
    replace(code / "clean.py", "complete = [", "# A row counts when no cell is empty.\ncomplete = [")
    commit("Explain clean.py")
    yield "A script changed, its output did not: the wave stops there", ["clean.py"]
    replace(repository / "dependencies.yaml", "# From raw", "# The whole way: from raw")
    commit("Reword a comment")
    yield "A comment in dependencies.yaml: nothing runs", []
    replace(code / "logistic.py", "shared by", "used by")
    commit("Reword the helper")
    yield "The shared helper changed: the two tasks that import it", ["train.py", "evaluate.py"]
    git(repository, "revert", "--no-edit", "HEAD")
    yield "git revert: nothing runs, all from stored results", []


def main():
    if STATE.exists():
        shutil.rmtree(STATE)
    repository = STATE / "repository"
    shutil.copytree(ROOT / "examples" / JOB, repository)
    git(repository, "init", "--quiet", "--initial-branch=main")
    variables = {key: value for key, value in os.environ.items() if not key.startswith("SLUICE_")}
    service = subprocess.Popen([SLUICE, "serve", "--data", STATE / "state", "--urls", "http://127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables)
    try:
        line = service.stdout.readline()
        if not line.startswith("Listening on "):
            sys.exit(f"demo: the service did not start: {service.stderr.read()}")
        address = line.split()[-1]
        print(f"Sluice is listening on {address}; the job is {repository.relative_to(ROOT)}")
        for title, executed in steps(repository):
            began = time.monotonic()
            status, run = post(address, repository)
            show(title, status, run, time.monotonic() - began)
            expect(run, executed)
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(timeout=30)
    newest = STATE / "state" / "store" / JOB / run["commit"]
    print(f"""
Every result lies under its commit:
   {newest.relative_to(ROOT)}/data/report.html
What to try next:
   bin/sluice --data {STATE.relative_to(ROOT)}/state -C {repository.relative_to(ROOT)} why evaluate.py
   bin/sluice --data {STATE.relative_to(ROOT)}/state -C {repository.relative_to(ROOT)} diff HEAD~5 HEAD
   edit {repository.relative_to(ROOT)}/src/{JOB}/train.py, commit, and:
   bin/sluice --data {STATE.relative_to(ROOT)}/state -C {repository.relative_to(ROOT)} run
   make serve""")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
