"""A few steps of pre-training on synthetic records, and what they reached."""

import sys

from quakebook import gp2vec

steps = sys.argv[1] if len(sys.argv) > 1 else "200"
run = gp2vec.train(gp2vec.config(f"training.steps={steps}", preset="smoke" if steps == "4" else "quick"))
print(run.path)
print({name: round(value, 3) for name, value in run.record["metrics"].items()})
