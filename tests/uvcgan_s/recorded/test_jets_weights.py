import pytest
import torch

from quakebook.training import recorded
from quakebook.uvcgan_s.recorded import jets, jets_weights, make

TINY = ("network.features=8", "network.heads=2", "network.embed=8", "network.feed_forward=8", "network.blocks=1",
        "network.levels=[4,8]", "network.critic_levels=[4,8]", "data.records=16", "data.dev_records=8",
        "data.batch_size=4")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("recorded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUAKEBOOK_RUNS", str(tmp_path_factory.mktemp("runs")))
        recorded.keep("uvcgan_s", "jets-identity-0", make.jets("identity", 0, 2, "cpu", 4, TINY), where)
    return where


def test_a_recorded_training_has_results_and_snapshots(folder):
    assert [r["val"].events for r in jets.learned(folder)["identity"]] == [4]
    assert list(jets.snapshots("identity", folder).steps) == [1, 2]


def test_kept_weights_separate_as_the_run_did(folder):
    separate = jets_weights.separators(folder)["identity"]
    kept = jets.snapshots("identity", folder)
    background, signal = separate(torch.from_numpy(kept.mixture)[None, None].float())
    assert background.shape == signal.shape == (1, 1, 24, 64)
    assert torch.allclose(signal[0, 0], torch.as_tensor(kept.steps[2][1]), atol=0.01)  # weights are kept in float16
    assert torch.allclose(background[0, 0], torch.as_tensor(kept.steps[2][0]), atol=0.01)


def test_without_weights_there_is_no_separation(tmp_path):
    assert jets_weights.separators(tmp_path) == {}
