"""Station embeddings: worked cosines and distances, neighbours that are alike, and what is kept of a training."""

import numpy as np
import pytest
import torch
from obspy.geodetics import gps2dist_azimuth

from quakebook.gp2vec.figures import stations as figures
from quakebook.gp2vec.objective.pretraining import GP2Vec
from quakebook.gp2vec.pages import stations
from quakebook.plots.phone import READABLE_PX, for_phone, smallest_text_px

METADATA = {"longitude": torch.tensor([3.0, 1.0, 3.0, 2.0]), "latitude": torch.tensor([45.0, 44.0, 45.0, 44.5]),
            "station": torch.tensor([7, 5, 7, 6]), "elevation": torch.tensor([300.0, 100.0, 300.0, 200.0])}


def test_each_station_stands_once_from_west_to_east():
    found = stations.one_row_each(METADATA)
    assert found["station"].tolist() == [5, 6, 7] and found["elevation"].tolist() == [100, 200, 300]


def test_distances_are_those_along_the_ground():
    km = stations.distances_km(METADATA)
    assert np.allclose(km, km.T) and np.allclose(np.diag(km), 0)
    assert km[0, 2] == pytest.approx(gps2dist_azimuth(44, 1, 45, 3)[0] / 1000, rel=5e-3)  # ellipsoid against sphere


def test_cosines_are_about_the_mean_station():
    """Corners of a square far from the origin: neighbours at right angles, opposite corners opposed."""
    found = stations.cosines(100 + np.array([[1.0, 1], [1, -1], [-1, -1], [-1, 1]]))
    np.testing.assert_allclose(found[0], [1, 0, -1, 0], atol=1e-12)


def test_a_vector_is_what_the_last_layer_reads():
    torch.manual_seed(0)
    encoder = GP2Vec(size="tiny", fusion="add", quantiser="ema").fusion.encoder.eval()
    with torch.no_grad():
        encoder.out.weight.normal_()
        parts = encoder.parts(METADATA, 4, torch.device("cpu"))
        vectors = torch.from_numpy(stations.embeddings(encoder, METADATA)).float()
        torch.testing.assert_close(encoder.out(vectors), encoder.joined(parts))


def test_nearness_is_the_rank_correlation_of_pairs():
    """Three pairs in the same order, then in the opposite one; a station is no neighbour of itself."""
    cosine = np.array([[1, 0.1, 0.5], [0.1, 1, 0.3], [0.5, 0.3, 1]])
    km = np.array([[0.0, 1, 3], [1, 0, 2], [3, 2, 0]])
    assert stations.nearness(cosine, km)[0] == pytest.approx(1)
    assert stations.nearness(-cosine, km) == pytest.approx((-1, -1))


@pytest.mark.parametrize(("near", "word"), [(True, ", below the"), (False, ", not below the")])
def test_neighbours_that_are_alike_are_told_from_ones_that_are_not(near, word):
    place = np.sort(np.random.default_rng(0).random(20)) * 100
    km = np.abs(place[:, None] - place)
    cosine = np.exp(-km / 30) if near else np.exp(-np.random.default_rng(1).permutation(km))
    text = stations.sentence({"before training": cosine}, km)
    assert word in text and "20 stations" in text and "No trained network" in text


def test_a_recorded_training_is_shown_beside_the_start(tmp_path, monkeypatch):
    from quakebook.training import recorded

    monkeypatch.setattr(recorded, "folder", lambda chapter: tmp_path)
    assert list(stations.maps(METADATA)) == ["before training"]
    from quakebook.gp2vec.recorded import make

    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / "runs"))
    outcome = make.pretraining(stations.TRAINED, "smoke", 0, ["network.fusion=add"], keep_weights=True)
    recorded.keep("gp2vec", stations.TRAINED, outcome)
    maps = stations.maps(METADATA)
    assert list(maps) == ["before training", "after training"] and maps["after training"].shape == (3, 3)
    assert "One training, one seed." in stations.sentence(maps, stations.distances_km(METADATA))
    drawn = figures.cosine_maps(maps)
    np.testing.assert_array_equal(drawn.axes[1].images[0].get_array(), maps["after training"])
    assert drawn.axes[0].images[0].get_clim() == (-1, 1)
    assert smallest_text_px(for_phone(drawn)) >= READABLE_PX - 0.01
