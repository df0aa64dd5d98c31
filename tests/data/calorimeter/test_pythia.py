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


class Particle:
    def __init__(self, pt_gev, eta, phi, number=211, charged=True, final=True, visible=True):
        self.facts = {"pT": pt_gev, "eta": eta, "phi": phi, "id": number, "isCharged": charged, "isFinal": final,
                      "isVisible": visible}

    def __getattr__(self, name):
        return lambda: self.facts[name]


class Generator:
    """Stands for Pythia: says what it was told, and fails before each event as often as asked."""

    event = (Particle(5.0, 1.399, -0.5), Particle(2.0, -1.399, 7.0, 22, False), Particle(1.0, 0.0, 1.0, 2112, False),
             Particle(0.0101, 0.0, 0.0), Particle(0.0099, 0.0, 0.0), Particle(3.0, 1.401, 0.0),
             Particle(3.0, -1.401, 0.0), Particle(3.0, 0.0, 0.0, final=False), Particle(3.0, 0.0, 0.0, visible=False))

    def __init__(self, failures=0, unknown=None):
        self.failures, self.unknown, self.lines = failures, unknown, []

    def readString(self, line):  # noqa: N802 (Pythia's name)
        self.lines.append(line)
        return line != self.unknown

    def init(self):
        return True

    def next(self):
        self.failures -= 1
        return self.failures < 0


def installed(monkeypatch, generator):
    monkeypatch.setattr(pythia, "_module", lambda: type("Module", (), {"Pythia": lambda *words: generator}))
    return generator


def test_particles_that_reach_the_towers(monkeypatch):
    """Final and visible, above 0.01 GeV and within 1.4: a charged hadron, a photon, a neutron, a soft hadron."""
    columns = next(pythia._events(Generator()))
    assert columns[0].tolist() == [5.0, 2.0, 1.0, 0.0101] and columns[3].tolist() == [1, 0, 2, 1]
    assert columns[1].tolist() == [1.399, -1.399, 0.0, 0.0]
    assert columns[2] == pytest.approx([2 * 3.14159265 - 0.5, 7 - 2 * 3.14159265, 1.0, 0.0])


def test_collisions_that_are_asked_for(monkeypatch):
    """Protons on protons at RHIC's 200 GeV; hard scattering from 25 GeV on."""
    told = installed(monkeypatch, Generator()).lines
    images = pythia.dijets(2, seed=7)
    assert images.shape == (2, 24, 64) and images[1].sum() > 0
    assert {"Beams:idA = 2212", "Beams:idB = 2212", "Beams:eCM = 200.0", "PhaseSpace:pTHatMin = 25.0",
            "Random:seed = 7", "HardQCD:all = on"} <= set(told)


@pytest.mark.parametrize(("seed", "told"), [(0, "1"), (1, "1"), (899_999_999, "899999999")])
def test_seeds_that_pythia_takes(monkeypatch, seed, told):
    """0 would mean the time of day."""
    lines = installed(monkeypatch, Generator()).lines
    pythia._start((), seed)
    assert f"Random:seed = {told}" in lines


@pytest.mark.parametrize("seed", [-1, 900_000_000])
def test_seeds_that_pythia_refuses(monkeypatch, seed):
    installed(monkeypatch, Generator())
    with pytest.raises(DataError, match=f"0 to 899999999; found {seed}"):
        pythia._start((), seed)


def test_unknown_settings_and_a_hundred_failures(monkeypatch):
    installed(monkeypatch, Generator(unknown="Beams:idA = 2212"))
    with pytest.raises(DataError, match="does not know the setting 'Beams:idA = 2212'"):
        pythia.dijets(1)
    assert next(pythia._events(Generator(failures=99)))[0][0] == 5.0
    with pytest.raises(DataError, match="failed a hundred times"):
        next(pythia._events(Generator(failures=100)))
