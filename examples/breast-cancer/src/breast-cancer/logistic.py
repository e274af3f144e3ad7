"""Logistic regression, shared by train.py and evaluate.py."""
import csv
import math


def read(path):
    """The features and the labels of a table."""
    with open(path, newline="") as source:
        _, *rows = csv.reader(source)
    return [[float(cell) for cell in row[:-1]] for row in rows], [int(row[-1]) for row in rows]


def scale(rows, means, deviations):
    """Brings every feature to mean 0 and deviation 1."""
    return [[(value - mean) / deviation for value, mean, deviation in zip(row, means, deviations)] for row in rows]


def predict(weights, bias, row):
    """The probability that a tumour is benign."""
    score = bias + sum(weight * value for weight, value in zip(weights, row))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
