"""The mutation program: which slips it finds, whom it asks, and what it makes of the answers."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

PROGRAM = Path(__file__).resolve().parents[2] / "scripts" / "mutants"
MODULES = ("nodes", "slips", "choice", "copies", "trial", "results")


@pytest.fixture(scope="module")
def parts():
    """The modules of the program, by name."""
    sys.path.insert(0, str(PROGRAM))
    try:
        yield {name: __import__(name) for name in MODULES}
    finally:
        sys.path.remove(str(PROGRAM))
        for name in MODULES:
            sys.modules.pop(name, None)


def changes(parts, source, path="scoring/a.py"):
    return {(slip.before, slip.after) for slip in parts["slips"].slips(path, source)}


@pytest.mark.parametrize(("source", "expected"), [
    ("x = a + b", {("a + b", "a - b")}),
    ("x = a ** b", {("a ** b", "(a * b)")}),
    ("x = a < b", {("a < b", "a <= b"), ("a < b", "a >= b")}),
    ("x = 7", {("7", "8"), ("7", "6")}),
    ("x = 0.5", {("0.5", "0.55")}),
    ("x = 1e-12", set()),
    ("x = -a", {("-a", "a")}),
    ("x = not a", {("not a", "a")}),
    ("x = a and b", {("a and b", "a or b")}),
    ("x = np.mean(a)", {("np.mean(a)", "np.sum(a)")}),
    ("x = max(a)", {("max(a)", "min(a)")}),
    ("x = sum(a)", set()),
    ("x = abs(a)", {("abs(a)", "(a)")}),
    ("def f():\n    return a, b", {("return a, b", "return (b, a)")}),
    ("x = f'{a + b}'", {("f'{a + b}'", "f'{a - b}'")}),
    ("name = 'µ'; x = a - b  # µ", {("a - b", "a + b")}),
])
def test_what_a_slip_makes_of_a_line(parts, source, expected):
    assert changes(parts, source) == expected


@pytest.mark.parametrize("source", [
    '"""One + 1."""', "def f(a: int | None) -> A | B: ...", "raise ValueError(a + b)", "assert a < b", "print(a + b)",
    "f(help=1 + 2)", "zip(a, b, strict=True)", "x = 'a' + b", "x = folder / b", "@g(1)\ndef f(): ...", "import a",
])
def test_words_and_type_hints_are_left_alone(parts, source):
    assert not changes(parts, source)


def test_constants_of_drawings_are_looks(parts):
    assert changes(parts, "x = draw(a * 2)", "figures/a.py") == {("a * 2", "a / 2")}


def test_a_slip_changes_its_place_only(parts):
    source = "# µ\nx = 'ä' ; y = (a +\n     b) * 2\n"
    (slip,) = [x for x in parts["slips"].slips("a.py", source) if x.after == "a - b"]
    assert (slip.line, slip.last) == (2, 3) and slip.applied(source) == "# µ\nx = 'ä' ; y = (a - b) * 2\n"


@pytest.fixture
def project(tmp_path):
    """A package of two modules: the tests see one slip of `area`, and nothing of `unseen`."""
    files = {"src/quakebook/__init__.py": "", "src/quakebook/shapes.py": "def area(a, b):\n    return a * b\n",
             "src/quakebook/unseen.py": "def half(a):\n    return a / b\n", ".gitignore": "_build/\n",
             "tests/test_shapes.py": "from quakebook.shapes import area\n\n\ndef test_area():\n"
                                     "    assert area(2, 3) == 6\n",
             "tests/test_other.py": "import quakebook.unseen\n\n\ndef test_there():\n    assert quakebook.unseen\n"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def call(project, *words):
    code = ("import importlib.util as u, sys; s = u.spec_from_file_location('mutants', sys.argv[1] + '/__main__.py'); "
            "sys.path.insert(0, sys.argv[1]); m = u.module_from_spec(s); s.loader.exec_module(m); "
            "m.HEAVY = ('pytest',); sys.exit(m.main(sys.argv[2:]))")
    words = [sys.executable, "-c", code, str(PROGRAM), "--root", str(project), "-j", "1", *words]
    return subprocess.run(words, capture_output=True, text=True)


def test_killed_survived_and_the_share(project):
    done = call(project, "--n", "2", "--seed", "5")
    assert done.returncode == 1, done.stderr
    lines = next(project.glob("_build/mutants/*")).read_text().splitlines()
    rows = {row["path"]: row for row in map(json.loads, lines)}
    assert rows["shapes.py"]["fate"] == "killed" and rows["shapes.py"]["killer"] == "tests/test_shapes.py::test_area"
    assert rows["unseen.py"]["fate"] == "survived"
    assert "killed 1 of 2: 50 % (at least 85 % wanted)" in done.stdout
    assert (project / "src/quakebook/shapes.py").read_text() == "def area(a, b):\n    return a * b\n"


def test_a_stopped_run_goes_on_and_a_good_one_ends_with_0(project):
    assert call(project, "--n", "1", "--only", "shapes").returncode == 0
    (file,) = project.glob("_build/mutants/*")
    before = file.read_text()
    done = call(project, "--n", "1", "--only", "shapes")  # known already: only its killer runs once more
    assert done.returncode == 0 and file.read_text() == before and done.stdout.count("shapes.py:2") == 1


def test_a_test_that_always_fails_kills_nothing(project):
    (project / "tests/test_shapes.py").write_text("def test_broken():\n    import quakebook.shapes\n    assert False\n")
    done = call(project, "--n", "1", "--only", "shapes")
    assert done.returncode == 1 and "killed 0 of 1" in done.stdout
    assert "fails without a slip as well, so it counts for nothing: tests/test_shapes.py::test_broken" in done.stderr


def test_measured_lines_choose_the_tests(parts, project):
    from coverage import CoverageData

    data = CoverageData(str(project / "data"))
    ran = {"tests/test_other.py::test_there|run": [1, 2, 3], "tests/test_shapes.py::test_area|run": [2]}
    for context, lines in ran.items():
        data.set_context(context)
        data.add_arcs({str(project / "src/quakebook/shapes.py"): {(-1, line) for line in lines}})
    data.write()
    (slip,) = parts["slips"].slips("shapes.py", (project / "src/quakebook/shapes.py").read_text())
    files, tests, word, measured, own = parts["choice"].Tests(project, project / "data").seeing(slip)
    assert word == "area" and measured >= tests
    assert files == ["tests/test_shapes.py", "tests/test_other.py"] and own == {"tests/test_shapes.py"}
    assert tests == {"tests/test_shapes.py::test_area", "tests/test_other.py::test_there"}
    assert parts["choice"].Tests(project).seeing(slip) == (
        ["tests/test_shapes.py"], set(), "area", frozenset(), frozenset())


@pytest.mark.parametrize(("measured", "kept"), [
    ({"a", "b"}, ["a", "c"]),  # c is younger than the measurement
    ({"a", "b", "c"}, ["a"]), (set(), ["a"])])
def test_tests_younger_than_the_measurement_run_as_well(parts, tmp_path, measured, kept):
    items = [SimpleNamespace(nodeid=name) for name in "abc"]
    seen = parts["choice"].Seen([], {"a"}, "area", frozenset(measured))
    parts["trial"].Watch(tmp_path / "note", seen, 1.0).pytest_collection_modifyitems(None, items)
    assert [item.nodeid for item in items] == kept


def test_tests_of_the_module_s_own_file_come_after_those_that_ran_the_line(parts, tmp_path):
    """A line that a fixture of all tests runs is in the measurement for the first of them only."""
    names = ("own.py::before", "own.py::ran", "far.py::other", "far.py::ran")
    items = [SimpleNamespace(nodeid=name) for name in names]
    seen = parts["choice"].Seen([], {"own.py::ran", "far.py::ran"}, "area", frozenset(names), frozenset({"own.py"}))
    parts["trial"].Watch(tmp_path / "note", seen, 1.0).pytest_collection_modifyitems(None, items)
    assert [item.nodeid for item in items] == ["own.py::ran", "far.py::ran", "own.py::before"]


def test_the_draw_depends_on_the_seed(parts):
    package = PROGRAM.parents[1] / "src" / "quakebook"
    first, again, other = (parts["choice"].sample(package, 5, seed, "bugfinv/scoring") for seed in (1, 1, 2))
    assert first == again and first != other and len({(slip.path, slip.line) for slip in first}) == 5
