import math

import numpy as np
import pytest
import torch
from scipy.ndimage import correlate1d

from quakebook.data.calorimeter import ToyMix, blur, mix, open_toy, partners, write_faces
from quakebook.data.calorimeter.sources import TensorSource
from quakebook.data.errors import DataError


def source(n, value=None, size=8):
    images = torch.rand((n, 3, size, size), generator=torch.Generator().manual_seed(n))
    return TensorSource(images if value is None else torch.full_like(images, value), f"{n}", f"{n}")


def test_published_pairing_of_ten_images():
    assert partners(10, 10).tolist() == [7, 8, 1, 5, 3, 4, 2, 0, 9, 6]
    assert partners(4, 3, seed=5).tolist()[3] == partners(4, 3, seed=5).tolist()[0]


def test_blur_equals_scipy_with_mirrored_edges():
    image = torch.rand((1, 1, 9, 11), generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    weights = np.exp(-0.5 * (np.arange(-2, 3) / 1.1) ** 2)
    weights /= weights.sum()
    expected = correlate1d(correlate1d(image[0, 0].numpy(), weights, 0, mode="mirror"), weights, 1, mode="mirror")
    assert np.allclose(blur(image, 5)[0, 0].numpy(), expected, atol=1e-7)
    assert torch.equal(blur(image, 0), image)


def test_mix_weighs_the_first_image():
    first, second = torch.ones(2, 3, 8, 8), torch.zeros(2, 3, 8, 8)
    mixture = mix(first, second, torch.tensor([0.25, 1.0]))
    assert mixture[0].mean().item() == pytest.approx(0.25, abs=1e-6)
    assert mixture[1].mean().item() == pytest.approx(1.0, abs=1e-6)


def test_val_is_fixed_and_knows_its_parts():
    toy = ToyMix(source(4), source(3), "val", alpha=0.3, alpha_range=0.4)
    assert len(toy) == 4 and toy.shape == (3, 8, 8)
    first, second = toy.parts([0, 3])
    assert torch.equal(toy.read([0, 3]), mix(first, second, 0.3))
    assert torch.equal(second[1], source(3).images[partners(4, 3)[3]])


def test_train_draws_partner_and_alpha_anew():
    toy = ToyMix(source(50, value=1.0), source(60, value=0.0), "train", alpha=0.5, alpha_range=0.4)
    alpha = toy.read(np.arange(50)).mean((1, 2, 3))
    assert alpha.min() > 0.3 - 1e-5 and alpha.max() < 0.7 + 1e-5 and alpha.std() == pytest.approx(
        0.4 / math.sqrt(12), rel=0.3)
    again = [toy.read([1, 2], torch.Generator().manual_seed(7)) for _ in range(2)]
    assert torch.equal(*again)
    torch.manual_seed(3)
    own = toy.read([1, 2])
    torch.manual_seed(3)
    assert torch.equal(own, toy.read([1, 2])) and not torch.equal(own, toy.read([1, 2]))
    with pytest.raises(DataError, match="drawn anew"):
        toy.parts([0])


@pytest.mark.parametrize("wrong", [{"alpha": 1.2}, {"alpha": 0.9, "alpha_range": 0.4}, {"blur_size": 4},
                                   {"blur_size": 99}])
def test_wrong_mixing_is_refused(wrong):
    with pytest.raises(DataError, match="alpha|blur_size"):
        ToyMix(source(2), source(2), "val", **wrong)
    with pytest.raises(DataError, match="one shape"):
        ToyMix(source(2), source(2, size=10), "val")


def test_faces_on_disk_become_the_toy_task(tmp_path):
    write_faces(tmp_path / "faces", {"train": 3, "val": 2}, size=16)
    toy = open_toy(tmp_path / "faces", "val")
    assert len(toy) == 2 and toy.shape == (3, 16, 16) and toy.first.name.endswith("cat")
    assert toy.fingerprint != open_toy(tmp_path / "faces", "train").fingerprint
    with pytest.raises(DataError, match="is not a folder"):
        open_toy(tmp_path / "faces", "test")
