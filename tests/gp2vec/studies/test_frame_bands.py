"""Edges of the bands of the frame features: a sine half a hertz on either side falls into its own band."""

import pytest
import torch

from quakebook.gp2vec.studies.handcrafted_features import frame_features


@pytest.mark.parametrize(("hz", "band"), [(0.5, None), (1.0, 0), (2.5, 0), (3.0, 1), (5.5, 1), (6.0, 2), (11.5, 2),
                                          (12.0, 3), (23.5, 3), (24.0, 4), (25.0, 4), (44.5, 4), (45.0, None),
                                          (47.0, None)])
def test_each_frequency_has_its_band(hz, band):
    wave = torch.sin(2 * torch.pi * hz * torch.arange(3000) / 100)
    energies = frame_features(wave.expand(1, 3, 3000))["handcrafted"][0, 75, 15:30].reshape(3, 5)[0]
    loud = (energies > -5).nonzero().flatten().tolist()
    assert loud == ([] if band is None else [band])
