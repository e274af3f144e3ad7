"""Parts the rows into those to learn from and those to test with, the same way every time."""
import csv
import json
import os
import random

data = os.environ["DATA_INPUT_PATH"]
with open("params.yaml") as file:  # Sluice writes the listed keys as JSON, which is YAML too
    params = json.load(file)["split"]

with open(f"{data}/clean.csv", newline="") as source:
    header, *rows = csv.reader(source)
random.Random(params["seed"]).shuffle(rows)
cut = int(len(rows) * params["test_share"])

for name, part in (("test", rows[:cut]), ("train", rows[cut:])):
    with open(f"{data}/{name}.csv", "w", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(part)
    print(f"{name}: {len(part)} rows")
