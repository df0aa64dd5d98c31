"""Two smoke runs, shared by all tests of the trained part."""

import matplotlib
import pytest
import torch

matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.fixture(scope="session")
def runs_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def smoke_runs(runs_folder):
    """BCE and hybrid at the smoke preset."""
    from quakebook import bluedisc

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUAKEBOOK_RUNS", str(runs_folder))
        patch.setenv("QUAKEBOOK_BATCH", "1")
        return {mode: bluedisc.train(bluedisc.config(f"loss.mode={mode}", preset="smoke"))
                for mode in ("bce", "hybrid")}


@pytest.fixture(scope="session")
def records():
    from quakebook.data import synthetic

    torch.set_num_threads(1)
    return synthetic.make("picker", 24, 5)
