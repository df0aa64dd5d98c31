"""On a GPU: every network trains captured as it does eagerly, history and rates included."""

import pytest
import torch

from quakebook import magnitude

pytestmark = pytest.mark.cuda
TYPES = ("phasenet", "phasenet_lstm", "phasenet_conv_lstm", "phasenet_mag", "eqtransformer_mag", "amag_v2", "magnet")


@pytest.mark.parametrize("kind", TYPES)
def test_captured_equals_eager(tmp_path, splits, kind):
    histories = []
    for flag in ("false", "true"):
        settings = magnitude.config(f"network.type={kind}", "training.device=cuda", f"training.capture={flag}",
                                    preset="smoke")
        run = magnitude.train(settings, root=tmp_path / flag, splits=splits)
        histories.append(torch.load(run.path / "training_history.pt", weights_only=True))
    eager, captured = histories
    assert captured["learning_rate"] == pytest.approx(eager["learning_rate"], rel=1e-5)
    for name in ("train_loss", "val_loss"):
        assert captured[name] == pytest.approx(eager[name], rel=2e-2, abs=1e-3), name
