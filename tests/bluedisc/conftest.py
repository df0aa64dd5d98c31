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
        return {mode: bluedisc.train(bluedisc.config(f"objective.mode={mode}", preset="smoke"))
                for mode in ("bce", "hybrid")}


@pytest.fixture(scope="session")
def records():
    from quakebook.data import synthetic

    torch.set_num_threads(1)
    return synthetic.make("picker", 24, 5)


@pytest.fixture()
def kept(smoke_runs, tmp_path):
    """BCE and hybrid smoke runs written as recorded trainings."""
    from quakebook.bluedisc.api import settings_of
    from quakebook.bluedisc.recorded import make as record
    from quakebook.training.recorded import keep

    for mode, run in smoke_runs.items():
        training = record.Training(mode, 42, steps=4)
        keep("bluedisc", training.name, record.outcome(run, training, settings_of(run)), tmp_path)
    return tmp_path


@pytest.fixture()
def made(kept):
    """A recorded training with a name and metrics of our own."""
    from dataclasses import replace

    from quakebook.bluedisc.recorded import read as recorded

    run = recorded.read("bce-42", kept)

    def make(name, **metrics):
        facts = run.facts | {"seed": int(name.split("-")[-1]),
                             "metrics": {f"{name}.{k.replace('_', '.', 1)}": v for k, v in metrics.items()}}
        return replace(run, name=name, facts=facts)

    return make


@pytest.fixture
def stepped(tmp_path):
    """A function: networks and losses after the steps of a smoke training, which nobody watches or scores.

    The settings of the chapter allow no float64, for records are float32; the loop takes it all the same.
    """
    from dataclasses import replace

    from quakebook.bluedisc.data.splits import load
    from quakebook.bluedisc.experiment import PickerExperiment
    from quakebook.bluedisc.settings import config
    from quakebook.training.loop import fit
    from quakebook.training.run import Run

    class Steps(PickerExperiment):
        flip = False

        def batch(self, step):
            return {name: value.flip(0) if self.flip else value for name, value in super().batch(step).items()}

        def observe(self, step):
            pass

        def validate(self, step):
            return {}

        def finish(self, run):
            pass

    def train(mode, device, precision="64-true", capture=False, flip=False):
        settings = config(f"objective.mode={mode}", f"training.device={device}", "training.progress=false",
                          "training.log_every=1", preset="smoke")
        made = Steps(settings, *(load(settings.data, split, device) for split in ("train", "dev")))
        made.flip = flip
        run = Run(tmp_path / f"{mode}-{precision}-{capture}-{flip}")
        fit(made, replace(settings.training, precision=precision, capture=capture), run)
        networks = run.load_checkpoint("last")["networks"]
        return {f"{name}.{key}": value.double() for name, network in networks.items()
                for key, value in network.items()}, run.metrics()

    return train


@pytest.fixture(scope="session")
def far():
    """A function: names of the tensors that differ by more than 1e-5 of their norm and 1e-6."""
    return lambda a, b: [name for name in a if (a[name] - b[name]).norm() > 1e-5 * a[name].norm() + 1e-6]
