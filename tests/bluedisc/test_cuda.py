"""On a GPU: trainings eager and captured, without a wait for the device between two log lines."""

import pytest
import torch

pytestmark = pytest.mark.cuda


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory):
    """A function: eager and captured smoke run of a mode."""
    from quakebook import bluedisc

    folder = tmp_path_factory.mktemp("runs")

    def run(mode, *more):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("QUAKEBOOK_RUNS", str(folder))
            patch.setenv("QUAKEBOOK_BATCH", "1")
            return [bluedisc.train(bluedisc.config(f"objective.mode={mode}", f"training.capture={flag}",
                                                   "training.device=cuda", *more, preset="smoke"))
                    for flag in ("false", "true")]

    return run


@pytest.mark.parametrize("mode", ["bce", "hybrid", "gan"])
def test_captured_equals_eager(stepped, far, mode):
    """In float64: with the published beta1 = 0 a weight moves by a whole step also where rounding gives the sign."""
    assert far(stepped(mode, "cuda")[0], stepped(mode, "cuda", capture=True)[0]) == []


def test_captured_losses_equal_eager_ones(stepped):
    """In float32, before rounding has grown; how far that goes, `test_rounding.py` says."""
    eager, captured = (stepped("hybrid", "cuda", "32-true", capture=flag)[1] for flag in (False, True))
    for name in ("g_loss", "d_loss"):
        assert captured[name][0] == pytest.approx(eager[name][0], rel=1e-5)
        assert captured[name][1] == pytest.approx(eager[name][1], rel=1e-2)


@pytest.mark.parametrize("mode", ["bce", "hybrid"])
def test_bf16_stays_near_float32(two_runs, mode):
    """First losses, before the trainings part: rounding of eight bits, on a loss averaged over 100,000 numbers."""
    full = two_runs(mode, "training.steps=2", "training.log_every=1")[1].metrics()
    half = two_runs(mode, "training.steps=2", "training.log_every=1", "training.precision=bf16-mixed")[1].metrics()
    assert half["g_loss"][0] == pytest.approx(full["g_loss"][0], rel=2e-2)


@pytest.mark.parametrize("mode", ["bce", "hybrid"])
def test_batch_and_step_never_wait(mode):
    from quakebook.bluedisc.data.splits import load
    from quakebook.bluedisc.experiment import PickerExperiment
    from quakebook.bluedisc.settings import config

    settings = config(f"objective.mode={mode}", "training.device=cuda", preset="smoke")
    data = {split: load(settings.data, split, "cuda") for split in ("train", "dev")}
    made = PickerExperiment(settings, data["train"], data["dev"])
    made.build()
    made.device, made.rank, made.world_size = torch.device("cuda"), 0, 1
    made.generator = torch.Generator("cuda")
    made.networks = {name: network.cuda() for name, network in made.networks.items()}
    made.configure()
    made.prepare(made.device)
    made.step(made.batch(0))
    try:
        torch.cuda.set_sync_debug_mode("error")
        made.step(made.batch(1))
        made.observe(2)
    finally:
        torch.cuda.set_sync_debug_mode("default")


def test_windows_of_more_samples_than_32_bits_count():
    """160,000 records of 60 s have 2.9 billion samples; the last one is found as well as the first."""
    from quakebook.picking.windows import cut

    free, _ = torch.cuda.mem_get_info()
    if free < 14e9:
        pytest.skip("needs 14 GB of free memory")
    waveforms = torch.empty(160_000, 3, 6000, device="cuda")
    record = torch.tensor([0, 119_304, 119_305, 159_999], device="cuda")  # 2^31 lies in record 119,304
    waveforms[record] = torch.arange(4 * 18_000, device="cuda", dtype=torch.float32).reshape(4, 3, 6000)
    windows = cut(waveforms, record, torch.tensor([-5, 100, 2999, 3500], device="cuda"))
    host = cut(waveforms[record].cpu(), torch.arange(4), torch.tensor([-5, 100, 2999, 3500]))
    assert torch.equal(windows.cpu(), host)
