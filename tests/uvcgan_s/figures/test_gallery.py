import numpy as np
import pytest
import torch

from quakebook.uvcgan_s.figures.gallery import gallery


def test_rows_and_errors():
    images = torch.rand(3, 3, 8, 8)
    fig = gallery(images, images, images, images, images, names=("cat", "dog"), errors=[0.1, 0.2, 0.3])
    assert len(fig.axes) == 15 and fig.axes[0].get_title() == "0.100"
    assert [fig.axes[3 * k].get_ylabel() for k in range(5)] == ["mixture", "extracted cat", "extracted dog", "true cat",
                                                                "true dog"]
    assert np.allclose(fig.axes[0].images[0].get_array(), images[0].permute(1, 2, 0).numpy())


def test_grey_images_share_one_scale_and_truth_may_be_absent():
    images = torch.rand(12, 1, 8, 8)
    fig = gallery(images, 2 * images, images)
    assert len(fig.axes) == 24
    assert {ax.images[0].get_clim() for ax in fig.axes} == {(float(images.min()), float(images.max()))}


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match="extracted second: expected 2 images"):
        gallery(torch.rand(2, 1, 4, 4), torch.rand(2, 1, 4, 4), torch.rand(3, 1, 4, 4))
