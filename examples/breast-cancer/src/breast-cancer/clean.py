"""Gives the columns names and leaves out rows that are incomplete."""
import csv
import os

data = os.environ["DATA_INPUT_PATH"]
MEASURES = ["radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave_points", "symmetry", "fractal_dimension"]
COLUMNS = [f"{measure}_{kind}" for kind in ("mean", "error", "worst") for measure in MEASURES]

with open(f"{data}/breast_cancer.csv", newline="") as source:
    rows = list(csv.reader(source))[1:]
complete = [row for row in rows if len(row) == len(COLUMNS) + 1 and all(cell.strip() for cell in row)]

with open(f"{data}/clean.csv", "w", newline="") as target:
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS + ["benign"])
    writer.writerows(complete)
print(f"{len(complete)} of {len(rows)} rows are complete")
