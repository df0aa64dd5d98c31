"""Features of windows with station metadata, from an untrained base network (or a trained file, given as argument)."""

import sys

import torch

from gp2vec.models.gp2vec import GP2Vec

model = GP2Vec.from_pretrained(sys.argv[1]) if len(sys.argv) > 1 else GP2Vec().eval()
waveforms = torch.randn(4, 3, 3000)  # 30 s at 100 Hz, components Z, N, E
metadata = {"latitude": torch.full((4,), 34.0), "longitude": torch.full((4,), -118.0),
            "elevation": torch.full((4,), 100.0)}
with torch.no_grad():
    features = model.encode(waveforms, metadata if model.fusion is not None else None)
print(tuple(features.shape))
