import builtins

import pytest

from quakebook.data.calorimeter import pythia
from quakebook.data.errors import DataError


def test_absence_is_said_with_the_command(monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest, **more):
        if name == "pythia8mc":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert not pythia.available()
    with pytest.raises(DataError, match=r"pip install 'pythia8mc<8.318'"):
        pythia.dijets(1)


def test_real_dijets_look_like_the_default_ones():
    pytest.importorskip("pythia8mc")
    images = pythia.dijets(30, hard_min_gev=30.0)
    assert images.shape == (30, 24, 64) and (images >= 0).all()
    assert 35 < float(images.sum((1, 2)).median()) < 110
    with pytest.raises(DataError, match="`seed`"):
        pythia.dijets(1, seed=-1)
