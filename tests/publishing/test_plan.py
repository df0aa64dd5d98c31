"""Dependency keys: the same when nothing changed, another one when anything that a page depends on did."""

import functools
import json

import pytest
import yaml

from quakebook.publishing import plan as planning
from quakebook.publishing.parameters import ParameterError
from quakebook.publishing.plan import plan
from quakebook.publishing.profiles import ProfileError, load_profiles, select
from quakebook.training.sources import closure


def keys(project, preset="quick"):
    return {job.name: job.key for job in plan(project, preset)}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package quakebook of three modules, of which the notebook imports one, which imports the second."""
    root = tmp_path / "src/quakebook"
    (root / "publishing").mkdir(parents=True)
    for name, text in {"__init__": "", "one": "from quakebook import two\n", "two": "x = 1\n", "three": "y = 1\n",
                       "publishing/__init__": ""}.items():
        (root / f"{name}.py").write_text(text)
    monkeypatch.setattr(planning, "closure", functools.partial(closure, root=root))
    return root


def test_keys_are_stable_and_presets_differ(project):
    assert keys(project) == keys(project)
    assert keys(project)["toy/01_half"] != keys(project, "smoke")["toy/01_half"]


def test_results_run_last(project):
    names = [job.name for job in plan(project, "quick")]
    assert names == ["toy/01_half", "results"]


def test_a_module_reruns_the_notebooks_that_depend_on_it(project, package, pair):
    pair(project.notebooks, "toy/01_half", "from quakebook import one\n")
    before = keys(project)
    (package / "three.py").write_text("y = 2\n")
    assert keys(project) == before
    (package / "two.py").write_text("x = 2\n")
    after = keys(project)
    assert after["toy/01_half"] != before["toy/01_half"]
    assert after["results"] != before["results"]
    (package / "two.py").write_text("x = 1\n")
    assert keys(project) == before


@pytest.mark.parametrize("change", ["claims", "recorded", "constraints", "profile", "notebook", "reads"])
def test_everything_else_that_a_page_depends_on(project, pair, change):
    before = keys(project)["toy/01_half"]
    if change == "claims":
        path = project.claims / "toy.yaml"
        path.write_text(path.read_text().replace("0.01", "0.02"))
    elif change == "recorded":
        (project.recorded / "toy-long.json").write_text("{}")
    elif change == "constraints":
        (project.root / "constraints.txt").write_text("torch==9\n")
    elif change == "notebook":
        pair(project.notebooks, "toy/01_half", "print(2)\n")
    else:
        blocks = yaml.safe_load(project.profiles.read_text())
        if change == "profile":
            blocks["toy/01_half"]["quick"]["n_steps"] = 9
        else:
            (project.root / "extra").write_text("1")
            blocks["toy/01_half"]["reads"] = ["extra"]
        project.profiles.write_text(yaml.safe_dump(blocks, sort_keys=False))
    assert keys(project)["toy/01_half"] != before


def test_real_data_that_appear_make_pages_out_of_date(project, tmp_path, monkeypatch):
    before = keys(project)
    monkeypatch.setenv("QUAKEBOOK_SHARED_DATA", str(tmp_path / "shared"))
    assert keys(project) == before
    (tmp_path / "shared/set").mkdir(parents=True)
    (tmp_path / "shared/set/metadata.csv").write_text("x")
    assert keys(project) != before


def test_another_papers_recorded_files_do_not_matter(project):
    before = keys(project)
    (project.recorded / "toyota.json").write_text("{}")
    after = keys(project)
    assert after["toy/01_half"] == before["toy/01_half"]
    assert after["results"] != before["results"]


def test_a_bad_parameter_in_the_profiles_stops_the_plan(project):
    project.profiles.write_text(project.profiles.read_text().replace("n_steps: 1", "n_stepz: 1"))
    with pytest.raises(ParameterError, match="no parameter 'n_stepz'; it has preset: str, n_steps: int"):
        plan(project, "smoke")


@pytest.mark.parametrize(("block", "message"), [
    ({"smoke": {}, "quick": {}}, "paper must be a mapping"),
    ({"smoke": {}, "quick": {}, "paper": {}, "full": {}}, "unknown full"),
    ({"smoke": {}, "quick": {}, "paper": {}, "cost_s": {"quick": "long"}}, "cost_s must give seconds"),
    ({"smoke": {}, "quick": {}, "paper": {}, "reads": "x"}, "reads must be a list"),
    ({"smoke": {}, "quick": {}, "paper": {}, "after": "toy"}, "after can only be 'all'"),
    (None, "expected the keys"),
])
def test_profile_faults(project, block, message):
    project.profiles.write_text(yaml.safe_dump({"toy/01_half": block}))
    with pytest.raises(ProfileError, match=message):
        load_profiles(project)


@pytest.mark.parametrize("name", ["../x", "/x", "x.ipynb", ".hidden"])
def test_profile_names_stay_below_notebooks(project, name):
    project.profiles.write_text(yaml.safe_dump({name: {"smoke": {}, "quick": {}, "paper": {}}}))
    with pytest.raises(ProfileError, match="path below notebooks/"):
        load_profiles(project)


def test_absent_notebook_preset_chapter(project):
    with pytest.raises(ProfileError, match="no preset 'fast'; there are smoke, quick, paper"):
        plan(project, "fast")
    with pytest.raises(ProfileError, match="no chapter or notebook 'tov'; chapters: results, toy"):
        plan(project, "quick", ["tov"])
    (project.notebooks / "toy/01_half.ipynb").unlink()
    with pytest.raises(ProfileError, match="there is no notebook"):
        plan(project, "quick")


def test_select_by_chapter_and_by_notebook(project):
    entries = load_profiles(project)
    assert list(select(entries, ["toy"])) == ["toy/01_half"]
    assert list(select(entries, ["toy/01_half"])) == ["toy/01_half"]
    assert list(select(entries, None)) == ["toy/01_half", "results"]


def test_parameters_in_the_key_are_plain_json(project):
    job = plan(project, "smoke")[0]
    assert json.loads(json.dumps(job.parameters)) == {"preset": "smoke", "n_steps": 1}


def test_the_layout_for_phones_is_part_of_every_key(project):
    assert {"phone.py", "stacking.py"} <= {path.name for path in plan(project, "smoke")[0].inputs}
