"""One smoke run, one small pool, one tiny network for all tests of the chapter."""

import matplotlib
import pytest
import torch

matplotlib.use("Agg")


@pytest.fixture(scope="session")
def runs_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("gp2vec_runs")


@pytest.fixture(scope="session")
def smoke_run(runs_folder):
    from quakebook import gp2vec

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUAKEBOOK_RUNS", str(runs_folder))
        patch.setenv("QUAKEBOOK_BATCH", "1")
        return gp2vec.train(gp2vec.config(preset="smoke"))


@pytest.fixture(scope="session")
def pool():
    """96 synthetic records: events, noise and tremor."""
    from quakebook.gp2vec.data.splits import load
    from quakebook.gp2vec.settings import DataConfig

    return load(DataConfig(records=96, dev_records=8), "train", "cpu")


@pytest.fixture
def tiny():
    """An untrained network of one block."""
    from quakebook.gp2vec.objective.pretraining import GP2Vec

    torch.manual_seed(0)
    return GP2Vec(size="tiny", width=32, depth=2, heads=2, hidden=64, codes=16, code_width=16, position_kernel=16,
                  fusion="none", dropout=0.0, attention_dropout=0.0, feature_dropout=0.0)


@pytest.fixture
def book(tmp_path, monkeypatch):
    """An empty folder of recorded results; the function writes one."""
    from quakebook.training import recorded
    from quakebook.training.recorded import Outcome

    monkeypatch.setattr(recorded, "folder", lambda chapter: tmp_path)

    def write(name, metrics, arrays=None):
        named = {f"{name.replace('/', '.')}.{key}": value for key, value in metrics.items()}
        recorded.keep("gp2vec", name, Outcome(named, arrays or {}))

    return write
