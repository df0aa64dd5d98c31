"""A value holds inside only, also when something goes wrong there, and the inner of two wins."""

from contextvars import ContextVar

import pytest

from quakebook.contexts import during


def test_the_old_value_comes_back():
    variable = ContextVar("variable", default=0)
    with during(variable, 1) as outer, during(variable, 2):
        assert (outer, variable.get()) == (1, 2)
    assert variable.get() == 0
    with pytest.raises(KeyError), during(variable, 3):
        raise KeyError
    assert variable.get() == 0
