"""A step runs wholly on its device and reads nothing back: tried on the meta device, which has shapes but no numbers.

There every operator refuses tensors of another device, and every read to the host fails.
"""

from dataclasses import replace

import pytest
import torch

from quakebook.bluedisc.experiment import PickerExperiment
from quakebook.bluedisc.settings import config


def on_meta(mode, records):
    """An experiment as the loop leaves it before the first step, moved to the meta device."""
    made = PickerExperiment(config(f"objective.mode={mode}", preset="smoke"), records, records)
    made.build()
    made.device, made.generator, made.rank, made.world_size = torch.device("meta"), None, 0, 1
    made.networks = {name: network.to("meta") for name, network in made.networks.items()}
    made.configure()
    made.prepare(torch.device("cpu"))
    for samples in (made.train_samples, made.dev_samples):
        samples.records = records.to("meta")
        samples.picks = {phase: picks.to("meta") for phase, picks in samples.picks.items()}
        samples.npts = samples.npts.to("meta")
    made.recorder.windows = replace(made.recorder.windows, x=made.recorder.windows.x.to("meta"),
                                    y=made.recorder.windows.y.to("meta"))
    for part in (made.recorder, made.scores):
        for name, value in vars(part).items():
            setattr(part, name, value.to("meta") if isinstance(value, torch.Tensor) else value)
    return made


@pytest.mark.parametrize("mode", ["bce", "hybrid", "gan"])
def test_a_step_stays_on_its_device(records, mode):
    made = on_meta(mode, records)
    batch = made.batch(0)
    losses = made.step(batch)
    made.observe(2)
    assert {value.device.type for value in (*batch.values(), *losses.values(), made.scores.scores)} == {"meta"}
    assert made.dev_samples.fixed_starts().device.type == "meta"


def test_the_meta_device_finds_a_stranger(records):
    """The test above can fail: a tensor left on the host is refused."""
    made = on_meta("bce", records)
    made.train_samples.npts = made.train_samples.npts.new_full((len(records),), 6000, device="cpu")
    with pytest.raises(RuntimeError, match="meta|device"):
        made.batch(0)
