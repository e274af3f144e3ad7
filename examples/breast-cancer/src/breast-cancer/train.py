"""Learns a logistic regression by gradient descent."""
import json
import os
import statistics

import logistic

data = os.environ["DATA_INPUT_PATH"]
with open("params.yaml") as file:
    params = json.load(file)["train"]

rows, labels = logistic.read(f"{data}/train.csv")
columns = list(zip(*rows))
means = [statistics.fmean(column) for column in columns]
deviations = [statistics.pstdev(column) or 1.0 for column in columns]
rows = logistic.scale(rows, means, deviations)

weights, bias = [0.0] * len(columns), 0.0
for number in range(params["rounds"]):
    errors = [logistic.predict(weights, bias, row) - label for row, label in zip(rows, labels)]
    bias -= params["rate"] * sum(errors) / len(rows)
    for index in range(len(weights)):
        slope = sum(error * row[index] for error, row in zip(errors, rows)) / len(rows)
        weights[index] -= params["rate"] * (slope + params["penalty"] * weights[index])
    if number % 100 == 0:
        print(f"round {number}: mean error {sum(abs(error) for error in errors) / len(errors):.4f}", flush=True)

with open(f"{data}/model.json", "w") as target:
    json.dump({"weights": [round(weight, 6) for weight in weights], "bias": round(bias, 6), "means": means, "deviations": deviations}, target, indent=1)
