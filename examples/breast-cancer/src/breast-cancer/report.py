"""Draws the curve and writes the report."""
import csv
import json
import os

data = os.environ["DATA_INPUT_PATH"]
with open(f"{data}/metrics.json") as source:
    metrics = json.load(source)
with open(f"{data}/roc.csv", newline="") as source:
    points = [(float(x), float(y)) for x, y in list(csv.reader(source))[1:]]

path = " ".join(f"{40 + 240 * x:.1f},{280 - 240 * y:.1f}" for x, y in points)
svg = f"""<svg xmlns="http://www.w3.org/2000/svg" width="320" height="320" font-family="sans-serif" font-size="12">
<rect width="320" height="320" fill="white"/>
<path d="M40 40V280H280" fill="none" stroke="#333"/>
<path d="M40 280L280 40" stroke="#bbb" stroke-dasharray="4"/>
<polyline points="{path}" fill="none" stroke="#0b6" stroke-width="2.5"/>
<text x="160" y="306" text-anchor="middle">false positive rate</text>
<text x="18" y="160" text-anchor="middle" transform="rotate(-90 18 160)">true positive rate</text>
<text x="276" y="270" text-anchor="end">area {metrics['auc']}</text>
</svg>
"""
counts = "".join(f"<tr><td>{name}</td><td>{count}</td></tr>" for name, count in sorted(metrics["counts"].items()))
html = f"""<!doctype html><meta charset="utf-8"><title>Breast cancer</title>
<style>body {{font: 16px/1.5 sans-serif; max-width: 40em; margin: 2em auto}} td {{border-top: 1px solid #ccc; padding: .3em 1em .3em 0}}</style>
<h1>Is it benign?</h1>
<p>{metrics['rows']} unseen rows, accuracy <b>{metrics['accuracy']:.1%}</b> at a threshold of {metrics['threshold']}.</p>
<table>{counts}</table>
{svg}"""
for name, text in (("roc.svg", svg), ("report.html", html)):
    with open(f"{data}/{name}", "w") as target:
        target.write(text)
