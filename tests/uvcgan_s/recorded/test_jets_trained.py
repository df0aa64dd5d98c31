import pytest
import torch

from quakebook.training import recorded
from quakebook.uvcgan_s.networks.build import critic, generator
from quakebook.uvcgan_s.recorded import jets, jets_trained

TINY = ("network.features=8", "network.heads=2", "network.embed=8", "network.feed_forward=8", "network.blocks=1",
        "network.levels=[4,8]", "network.critic_levels=[4,8]", "data.records=16", "data.dev_records=8",
        "data.batch_size=4")


def test_small_networks_have_their_published_counts():
    """Numbers of weights of the small configuration, counted with the authors' program."""
    network = jets_trained.settings("full", 0, 100).network
    count = [sum(p.numel() for p in made.parameters()) for made in (
        generator(network, (2, 24, 64), 1), generator(network, (1, 24, 64), 2), critic(network, 1))]
    assert count == [244_937, 244_810, 109_653]


def test_settings_of_methods_differ_in_what_belongs_to_them():
    full, regression = (jets_trained.settings(method, 3, 2000) for method in ("full", "regression"))
    assert full.objective.warm_steps == 1000 and regression.objective.warm_steps == 0
    assert full.training.seed == 3 and full.training.validate_every == 200 and full.data.batch_size == 16
    with pytest.raises(ValueError, match="no learned method 'area'"):
        jets_trained.settings("area", 0, 10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("recorded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUAKEBOOK_RUNS", str(tmp_path_factory.mktemp("runs")))
        for seed in (0, 1):
            outcome = jets_trained.make("identity", seed, 2, TINY, events=4)
            recorded.keep("uvcgan_s", f"jets-identity-{seed}", outcome, where)
    return where


def test_a_training_is_kept_with_results_snapshots_and_weights(folder):
    assert [r["val"].events for r in jets.learned(folder)["identity"]] == [4, 4]
    assert list(jets.snapshots("identity", folder).steps) == [1, 2]
    first, second = (recorded.read("uvcgan_s", f"jets-identity-{seed}", folder) for seed in (0, 1))
    assert first.has(".safetensors") and not second.has(".safetensors")
    assert first.facts["settings"]["network"]["features"] == 8 and first.facts["seeds"] == [0]


def test_kept_weights_separate_as_the_run_did(folder):
    separate = jets_trained.separators(folder)["identity"]
    kept = jets.snapshots("identity", folder)
    mixture = torch.from_numpy(kept.mixture)[None, None].float()
    background, signal = separate(mixture)
    assert background.shape == signal.shape == (1, 1, 24, 64)
    assert torch.allclose(signal[0, 0], torch.as_tensor(kept.steps[2][1]), atol=1e-4)
    assert torch.allclose(background[0, 0], torch.as_tensor(kept.steps[2][0]), atol=1e-4)


def test_without_weights_there_is_no_separation(tmp_path):
    assert jets_trained.separators(tmp_path) == {}
