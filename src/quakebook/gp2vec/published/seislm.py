"""Open published SeisLM weights, where the reader has them."""

from __future__ import annotations

import json
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file

from ..networks.seislm import convert
from ..objective.pretraining import GP2Vec


def load_seislm(path: str | Path) -> GP2Vec:
    """A network of ours from a published file, or a folder that holds ``model.safetensors`` and ``config.json``.

    Examples
    --------
    ``DownstreamEvaluator(load_seislm("seislm-large"))``. Input: (B, 3, samples), Z N E at 100 Hz.

    Returns
    -------
    GP2Vec
        In evaluation mode, without metadata.
    """
    path = Path(path)
    file = path / "model.safetensors" if path.is_dir() else path
    described = file.with_name("config.json")
    try:
        state = load_file(file)
        config = json.loads(described.read_text(encoding="utf-8")) if described.is_file() else {}
    except (OSError, ValueError, RecursionError, SafetensorError) as error:
        raise ValueError(f"{file}: not readable: {error}") from error
    plan, weights = convert(state, config)
    model = GP2Vec(plan)
    model.load_state_dict(weights)
    return model.eval()
