"""The second layout on its way to a page."""

import base64
import io

import matplotlib.pyplot as plt
import pytest
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image

from quakebook import plots
from quakebook.plots import phone


def two_panels():
    with plots.book_style():
        return plots.subplots(1, 2, figsize=(7.5, 3))[0]


def test_a_displayed_figure_carries_its_second_layout():
    shell = InteractiveShell()
    phone.load_ipython_extension(shell)
    data, note = shell.display_formatter.mimebundle_formatter(two_panels())
    with Image.open(io.BytesIO(base64.b64decode(data[phone.MIME]))) as picture:
        assert picture.width == phone.INCHES * 160 and picture.height > picture.width
    assert note[phone.NOTE]["text_px"] >= phone.READABLE_PX


def test_pyplot_gets_no_figure_to_show_beside_its_own():
    with plots.book_style():
        fig, _ = plt.subplots(figsize=(7.5, 3))
    assert phone.for_phone(fig) is not None
    assert plt.get_fignums() == [fig.number]
    plt.close(fig)


def test_a_figure_with_a_nameless_function_is_left_as_it_is():
    fig = two_panels()
    fig.axes[0].xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    data, note = phone.bundle(fig)
    assert data == {} and note[phone.NOTE]["text_px"] < phone.READABLE_PX


@pytest.mark.parametrize(("name", "answer"), [("viridis", True), ("jet", True), ("gray", False)])
def test_images_in_colours_are_told_from_grey_ones(name, answer):
    fig = two_panels()
    fig.axes[0].imshow([[0.0, 1.0]], cmap=name)
    assert phone.coloured(fig) is answer
    assert phone.bundle(fig)[1][phone.NOTE]["coloured"] is answer


def test_lines_and_photographs_have_no_scale():
    fig = two_panels()
    fig.axes[0].plot([0, 1])
    fig.axes[1].imshow([[[1.0, 0.0, 0.0]]])
    assert phone.coloured(fig) is False


def test_sizes_of_text_by_hand():
    fig = plots.figure(figsize=(7.2, 2))
    fig.text(0, 0, "nine points", fontsize=9)
    assert phone.smallest_text_px(fig, 360) == 9 / 72 * 50  # 50 pixels an inch
