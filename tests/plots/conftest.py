"""Figures that several tests look at."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from quakebook import plots


@pytest.fixture
def frames():
    with plots.book_style():
        made = [plt.subplots(figsize=(4, 2))[0] for _ in range(3)]
    for k, fig in enumerate(made):
        fig.axes[0].plot(np.arange(10.0) * (k + 1))
    yield made
    plt.close("all")
