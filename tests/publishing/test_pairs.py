"""Pairs: the script is the source, ids of cells that stayed are kept, outputs never are."""

import nbformat
import pytest

from quakebook.publishing import pairs


@pytest.fixture
def source(pair, tmp_path):
    return pair(tmp_path / "nb", "page", "print(1)\n\n# %%\nprint(2)\n").with_suffix(".py")


def test_update_follows_the_script_and_keeps_ids(source):
    target = source.with_suffix(".ipynb")
    before = {c.source: c.id for c in nbformat.read(target, as_version=4).cells}
    assert pairs.update(source) is False
    source.write_text(source.read_text().replace("print(2)", "print(3)"))
    assert pairs.faults(source) == [f"{source}: differs from page.ipynb; make pairs writes it anew"]
    assert pairs.update(source) is True
    after = {c.source: c.id for c in nbformat.read(target, as_version=4).cells}
    assert after["print(1)"] == before["print(1)"]
    assert "print(3)" in after
    assert pairs.faults(source) == []


def test_outputs_are_seen_and_stripped(source, capsys):
    target = source.with_suffix(".ipynb")
    clean = target.read_text()
    notebook = nbformat.read(target, as_version=4)
    notebook.cells[-1].execution_count = 4
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="2")]
    notebook.metadata["widgets"] = {}
    nbformat.write(notebook, target)
    assert "holds outputs" in pairs.faults(source)[0]
    assert pairs.main(["check", str(source)]) == 1
    assert pairs.main(["strip", str(source)]) == 0
    assert target.read_text() == clean


def test_a_script_alone_is_a_fault(source):
    source.with_suffix(".ipynb").unlink()
    assert "has no page.ipynb" in pairs.faults(source)[0]
