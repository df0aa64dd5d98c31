"""Pairs: the edited side wins, ids of cells that stayed are kept, outputs never are; two edits are both kept."""

import shutil
import subprocess

import nbformat
import pytest

from quakebook.publishing import pairs


@pytest.fixture
def source(pair, tmp_path):
    return pair(tmp_path / "nb", "page", "print(1)\n\n# %%\nprint(2)\n").with_suffix(".py")


def test_update_follows_the_script_and_keeps_ids(source):
    target = source.with_suffix(".ipynb")
    before = {c.source: c.id for c in nbformat.read(target, as_version=4).cells}
    assert pairs.update(source) is None
    source.write_text(source.read_text().replace("print(2)", "print(3)"))
    assert pairs.faults(source) == [f"{source}: differs from page.ipynb; make pairs writes it anew"]
    assert pairs.update(source) == target
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


def edit(target, text):
    """What Jupyter does: a cell more, with the traces that editors leave."""
    notebook = nbformat.read(target, as_version=4)
    cell = nbformat.v4.new_code_cell(text, metadata={"scrolled": True, "collapsed": False}, execution_count=3)
    notebook.cells.append(cell)
    nbformat.write(notebook, target)


def test_a_cell_added_in_jupyter_reaches_the_script(source):
    target, header = source.with_suffix(".ipynb"), source.read_text().split("# %%")[0]
    edit(target, "print('mine')")
    assert "lacks what was edited in page.ipynb" in pairs.faults(source)[0]
    assert pairs.update(source) == source
    assert source.read_text().endswith("# %%\nprint('mine')\n") and source.read_text().startswith(header)
    assert pairs.faults(source) == [] and pairs.update(source) is None
    source.write_text(source.read_text().replace("mine", "yours"))  # and the other way again
    assert pairs.update(source) == target and "yours" in target.read_text()


def test_two_edits_are_both_kept(source, capsys):
    target = source.with_suffix(".ipynb")
    edit(target, "print('mine')")
    source.write_text(source.read_text() + "\n# %%\nprint('other')\n")
    before = source.read_bytes(), target.read_bytes()
    assert pairs.update(source) is None and (source.read_bytes(), target.read_bytes()) == before
    assert pairs.main(["update", str(source)]) == 1
    assert "page.py and page.ipynb were both edited; both are kept" in capsys.readouterr().err
    assert (source.read_bytes(), target.read_bytes()) == before


def test_equal_edits_on_both_sides_agree(source):
    target = source.with_suffix(".ipynb")
    edit(target, "print('mine')")
    source.write_text(source.read_text() + "\n# %%\nprint('mine')\n")
    assert pairs.edited(source) == ""
    pairs.update(source)
    edit(target, "print('more')")
    assert pairs.edited(source) == ".ipynb"


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_without_a_note_the_last_commit_decides(source):
    target = source.with_suffix(".ipynb")
    notebook = nbformat.read(target, as_version=4)
    del notebook.metadata[pairs.NOTE]
    nbformat.write(notebook, target)
    edit(target, "print('mine')")
    assert pairs.edited(source) == "both"  # nothing says which one is older
    kept = target.read_text()
    nbformat.write(notebook, target)
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=source.parent, check=True, capture_output=True)
    target.write_text(kept)
    assert pairs.edited(source) == ".ipynb"
    nbformat.write(notebook, target)
    source.write_text(source.read_text() + "\n# %%\nprint('other')\n")
    assert pairs.edited(source) == ".py"


def test_an_equal_file_is_left_alone(tmp_path):
    from nbformat import reads
    from nbformat.v4 import new_code_cell, new_notebook

    target = tmp_path / "a.ipynb"
    target.write_text("")
    book = new_notebook(cells=[new_code_cell("x")])
    assert pairs._write(book, target) is True and reads(target.read_text(), 4).cells[0].source == "x"
    stamp = target.stat().st_mtime_ns
    assert pairs._write(book, target) is False and target.stat().st_mtime_ns == stamp
    assert target.read_text().endswith("}\n")
