"""The README's headlines are those of the results, between two markers; the rest of it stays."""

import pytest

from quakebook.publishing import claims, readme


def test_headlines_are_written_between_the_markers(project):
    claims.report("toy", "half", {"toy.half": 0.5}, data="model-free")
    text = f"# Toy\n\n{readme.BEGIN}\nold\n{readme.END}\n\nRest.\n"
    new = readme.filled(text, project, project.results("interactive"))
    assert "- Half of one is 0.5. *reproduced* ([toy/01_half](notebooks/toy/01_half.py))" in new
    assert "old" not in new
    assert new.startswith("# Toy\n")
    assert new.endswith("\n\nRest.\n")
    assert readme.filled(new, project, project.results("interactive")) == new


@pytest.mark.parametrize("text", ["nothing", readme.BEGIN, readme.END + readme.END + readme.BEGIN])
def test_a_readme_without_its_markers_is_refused(project, text):
    with pytest.raises(ValueError, match="needs one line"):
        readme.filled(text, project, project.results("interactive"))


def test_our_own_readme_has_the_markers():
    from quakebook.project import find_project

    text = (find_project(start=".").root / "README.md").read_text()
    assert text.count(readme.BEGIN) == text.count(readme.END) == 1
