"""Measures the model on rows that it has not seen."""
import json
import os

import logistic

THRESHOLD = 0.5

data = os.environ["DATA_INPUT_PATH"]
with open(f"{data}/model.json") as source:
    model = json.load(source)
rows, labels = logistic.read(f"{data}/test.csv")
rows = logistic.scale(rows, model["means"], model["deviations"])
scores = [logistic.predict(model["weights"], model["bias"], row) for row in rows]

guesses = [int(score >= THRESHOLD) for score in scores]
counts = {f"{'benign' if guess else 'malignant'} for {'benign' if label else 'malignant'}": sum(g == guess and l == label for g, l in zip(guesses, labels)) for guess in (0, 1) for label in (0, 1)}

positives, negatives = sum(labels), len(labels) - sum(labels)
curve, area, hits, misses = [(0.0, 0.0)], 0.0, 0, 0
for _, label in sorted(zip(scores, labels), reverse=True):
    hits, misses = hits + label, misses + 1 - label
    point = (misses / negatives, hits / positives)
    area += (point[0] - curve[-1][0]) * (point[1] + curve[-1][1]) / 2
    curve.append(point)

accuracy = sum(guess == label for guess, label in zip(guesses, labels)) / len(labels)
with open(f"{data}/metrics.json", "w") as target:
    json.dump({"rows": len(labels), "threshold": THRESHOLD, "accuracy": round(accuracy, 4), "auc": round(area, 4), "counts": counts}, target, indent=1)
with open(f"{data}/roc.csv", "w") as target:
    target.write("false_positive_rate,true_positive_rate\n" + "".join(f"{x:.4f},{y:.4f}\n" for x, y in curve))
print(f"accuracy {accuracy:.3f}, area under the curve {area:.4f}")
