"""What a folder of pictures gives: which family is the background, which blends are known, and how many are taken."""

import numpy as np
import pytest
import torch

from quakebook.data.errors import DataError
from quakebook.uvcgan_s.data.domains import from_arrays
from quakebook.uvcgan_s.data.load import fingerprint, load
from quakebook.uvcgan_s.settings import DataConfig


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """White cats and black dogs: five of each for training, four for validation."""
    from PIL import Image

    root = tmp_path_factory.mktemp("pictures")
    for split, count in (("train", 5), ("val", 4)):
        for family, shade in (("cat", 255), ("dog", 0)):
            (root / split / family).mkdir(parents=True)
            for k in range(count):
                Image.new("RGB", (16, 16), (shade,) * 3).save(root / split / family / f"{k}.png")
    return root


def means(source, count):
    return [round(float(image.mean()), 2) for image in source.read(np.arange(count))]


def test_cats_are_the_background_and_dogs_the_signal(pictures):
    data = DataConfig(name=str(pictures), records=0, dev_records=0)
    train, dev = load(data, "train"), load(data, "dev")
    assert means(train.a0, 5) == [1.0] * 5 and means(train.a1, 5) == [0.0] * 5 and train.truth is None
    assert means(dev.truth[0], 4) == [1.0] * 4 and means(dev.truth[1], 4) == [0.0] * 4
    assert means(dev.b, 4) == [0.5] * 4 and len(dev.truth[0]) == len(dev.truth[1]) == len(dev.b) == 4
    assert dev.shapes == ((3, 16, 16),) * 3 and dev.truth[0].shape == (3, 16, 16)


def test_records_are_those_of_the_split(pictures):
    data = DataConfig(name=str(pictures), records=3, dev_records=2)
    train, dev = load(data, "train"), load(data, "dev")
    assert [len(each) for each in (train.a0, train.a1, train.b)] == [3, 3, 3]
    assert [len(each) for each in (dev.a0, dev.b, *dev.truth)] == [2, 2, 2, 2]
    assert fingerprint(data) != fingerprint(DataConfig(name=str(pictures), records=2, dev_records=2))


def test_arrays_without_channels_get_one():
    images = torch.arange(2 * 3 * 4.0).view(2, 3, 4)
    made = from_arrays(images, images[:, None], images, (images, images + 1))
    assert made.shapes == ((1, 3, 4),) * 3 and torch.equal(made.truth[1].read([1])[0, 0], images[1] + 1)
    with pytest.raises(DataError, match=r"n > 0; found \(3, 4\)"):
        from_arrays(images[0], images, images)
    with pytest.raises(DataError, match="no backgrounds and no signals found"):
        type(made)(None, None, made.b, None, "mixtures").shapes  # noqa: B018
