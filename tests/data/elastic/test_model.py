"""What a model may hold, and what is refused by name."""

import numpy as np
import pytest
import torch

from quakebook.data.elastic.checks import ANGLES_DEG, check_elastic
from quakebook.data.elastic.model import ElasticModel, ModelError

SHAPE = (2, 3, 5)


def model(**changed):
    columns = {"vp": np.full(SHAPE, 3000.0), "vs": np.full(SHAPE, 1500.0), "rho": np.full(SHAPE, 2.3), "dt_s": 0.002}
    return ElasticModel(**columns | {"source": "here"} | changed)


def test_angles_of_the_gathers():
    assert ANGLES_DEG == (5, 10, 15, 20, 25, 30)


def test_traces_one_after_another():
    whole = model(vp=3000 + np.arange(30.0).reshape(SHAPE))
    assert whole.traces.shape == (6, 3, 5) and whole.shape == SHAPE
    assert whole.traces[4, 0].tolist() == [3020, 3021, 3022, 3023, 3024]
    assert (whole.traces[:, 1] == 1500).all() and (whole.traces[:, 2] == np.float32(2.3)).all()


@pytest.mark.parametrize(("changed", "words"), [
    ({"vp": np.zeros((2, 3))}, r"`vp` must have shape .* found \(2, 3\)"), ({"dt_s": 0.0}, "`dt_s` must be positive"),
    ({"dt_s": -0.1}, "`dt_s` must be positive"), ({"dt_s": np.inf}, "`dt_s` must be positive"),
    ({"vs": np.full(SHAPE, 3000.0)}, "`vs` must be below `vp`; 30 samples are not"),
    ({"vp": np.zeros(SHAPE), "vs": np.full(SHAPE, -1.0)}, "here: `vp` must be positive"),
    ({"vs": np.zeros(SHAPE)}, "`vs` must be positive"), ({"rho": np.zeros(SHAPE)}, "`rho` must be positive"),
    ({"initial": np.zeros((2, 3, 3, 4))}, r"shape \(2, 3, 3, 5\); found \(2, 3, 3, 4\)"),
    ({"initial": np.full((2, 3, 3, 5), np.nan)}, "the initial model must be finite"),
    ({"gathers": np.zeros((2, 3, 5, 5))}, r"`seismic` must have shape \(2, 3, 6, 5\), or fewer samples"),
    ({"gathers": np.zeros((2, 3, 6, 6))}, r"found \(2, 3, 6, 6\)"), ({"gathers": np.zeros((3, 6, 5))}, "`seismic`"),
    ({"gathers": np.full((2, 3, 6, 5), np.inf)}, "NaN or infinite"),
    ({"wells": np.array([0, 6])}, "trace numbers from 0 to 5; found 0 to 6"),
    ({"wells": np.array([-1, 3])}, "found -1 to 3"), ({"wells": np.array([0.5])}, "must be whole numbers"),
    ({"wells": np.zeros((1, 3))}, "must be whole numbers"), ({"wells": np.zeros((1, 1, 1))}, "must be whole numbers"),
    ({"wells": np.array([], int)}, "must be whole numbers"), ({"wells": np.array(["a"])}, "must be whole numbers"),
    ({"wells": np.array([[0, 3]])}, "2 inlines x 3 crosslines"), ({"wells": np.array([[2, 0]])}, "2 inlines x 3"),
    ({"wells": np.array([[0, -1]])}, "2 inlines x 3"),
    ({"wells": np.array([4, 2, 4, 4])}, "trace 4 stands there 3 times")])
def test_what_is_refused(changed, words):
    with pytest.raises(ModelError, match=words):
        model(**changed)


@pytest.mark.parametrize(("wells", "numbers"), [([5, 0], [0, 5]), ([[1, 2], [0, 0], [1, 0]], [0, 3, 5]), ([3.0], [3])])
def test_wells_become_rising_trace_numbers(wells, numbers):
    assert model(wells=np.array(wells)).wells.tolist() == numbers


def test_gathers_may_have_fewer_samples():
    for samples in (1, 5):
        assert model(gathers=np.zeros((2, 3, 6, samples))).gathers.shape == (2, 3, 6, samples)
    assert model(initial=np.ones((2, 3, 3, 5))).initial.shape == (2, 3, 3, 5)


def test_the_fingerprint_follows_everything():
    one = np.full(SHAPE, 3000.0)
    one[1, 2, 4] += 1
    changes = [{}, {"vp": one}, {"vs": one / 2}, {"rho": np.full(SHAPE, 2.4)}, {"dt_s": 0.004},
               {"initial": np.ones((2, 3, 3, 5))}, {"wells": np.array([1])}, {"gathers": np.zeros((2, 3, 6, 5))}]
    prints = [model(**change).fingerprint for change in changes]
    assert len(set(prints)) == len(prints) and {len(text) for text in prints} == {16}
    assert model().fingerprint == prints[0]


def test_the_first_bad_sample_is_named():
    vp = torch.full((2, 3), 3000.0)
    vp[1, 1:] = -1
    with pytest.raises(ValueError, match=r"`vp` must be positive; 2 samples are not, the first at index \(1, 1\)"):
        check_elastic(vp, torch.ones(2, 3), torch.ones(2, 3))
    for wrong in ((torch.ones(3), torch.ones(2, 3)), (torch.tensor(1.0), torch.tensor(1.0))):
        with pytest.raises(ValueError, match="must have one shape"):
            check_elastic(wrong[0] * 2, wrong[1], wrong[0])
    check_elastic(torch.tensor([1.1]), torch.tensor([1.0]), torch.tensor([1e-3]))
