"""Source hashing: what a module stands on, found without importing anything."""

import sys
import textwrap
from pathlib import Path

import pytest

from quakebook.training import sources

FILES = {
    "__init__.py": "",
    "alone.py": "import os, numpy",
    "top.py": "from .wing import tool\nfrom demo.wing.deep import leaf as renamed\n",
    "inside.py": "def f():\n    import demo.alone\n",
    "typed.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from . import alone\n",
    "circle.py": "from . import round\n",
    "round.py": "from .circle import x\n",
    "styled.py": "STYLE = 'demo.mplstyle'\n",
    "demo.mplstyle": "a: 1\n",
    "wing/__init__.py": "from .base import Base\n",
    "wing/base.py": "",
    "wing/tool.py": "from .. import alone\n",
    "wing/deep/__init__.py": "",
    "wing/deep/leaf.py": "",
    "lazy/__init__.py": """
        import lazy_loader
        __getattr__, __dir__, __all__ = lazy_loader.attach(
            __name__, submod_attrs={"thing": ["Thing"], "deep.far": ["Far"]})
    """,
    "lazy/thing.py": "",
    "lazy/other.py": "",
    "lazy/deep/__init__.py": "",
    "lazy/deep/far.py": "",
    "uses_thing.py": "from demo.lazy import Thing\n",
    "uses_far.py": "from .lazy import Far\n",
    "uses_unknown.py": "from .lazy import surprise\n",
    "uses_package.py": "from demo import lazy\n",
    "uses_alias.py": "import demo.lazy as l\n",
    "uses_direct.py": "import demo.lazy.thing\n",
    "raises.py": "raise SystemExit('imported!')\n",
}


@pytest.fixture
def package(tmp_path):
    root = tmp_path / "demo"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text))
    return root


@pytest.mark.parametrize(("module", "expected"), [
    ("alone", {"alone"}),
    ("top", {"top", "wing", "wing.base", "wing.tool", "alone", "wing.deep", "wing.deep.leaf"}),
    ("inside", {"inside", "alone"}),
    ("typed", {"typed", "alone"}),
    ("circle", {"circle", "round"}),
    ("styled", {"styled", "styled:demo.mplstyle"}),
    ("wing.deep.leaf", {"wing", "wing.base", "wing.deep", "wing.deep.leaf"}),
    ("lazy", {"lazy", "lazy.thing", "lazy.other", "lazy.deep", "lazy.deep.far"}),
    ("uses_thing", {"uses_thing", "lazy", "lazy.thing"}),
    ("uses_far", {"uses_far", "lazy", "lazy.deep", "lazy.deep.far"}),
    ("uses_unknown", {"uses_unknown", "lazy", "lazy.thing", "lazy.other", "lazy.deep", "lazy.deep.far"}),
    ("uses_package", {"uses_package", "lazy", "lazy.thing", "lazy.other", "lazy.deep", "lazy.deep.far"}),
    ("uses_alias", {"uses_alias", "lazy", "lazy.thing", "lazy.other", "lazy.deep", "lazy.deep.far"}),
    ("uses_direct", {"uses_direct", "lazy", "lazy.thing"}),
])
def test_closure(package, module, expected):
    found = sources.closure([f"demo.{module}"], package)
    assert set(found) == {"demo"} | {f"demo.{name}" for name in expected}
    assert all(path.is_file() for path in found.values())


def test_nothing_is_imported(package):
    before = set(sys.modules)
    sources.digest(["demo.raises"], package)
    assert not {name for name in set(sys.modules) - before if name.startswith("demo")}


def test_digest_follows_what_a_module_stands_on(package):
    before = sources.digest(["demo.top"], package)
    assert before == sources.digest(["demo.top"], package)
    (package / "round.py").write_text("changed = 1\n")
    assert sources.digest(["demo.top"], package) == before, "a module that is not used does not matter"
    (package / "wing" / "base.py").write_text("changed = 1\n")
    assert sources.digest(["demo.top"], package) != before


def test_digest_follows_named_data_files(package):
    before = sources.digest(["demo.styled"], package)
    (package / "demo.mplstyle").write_text("a: 2\n")
    assert sources.digest(["demo.styled"], package) != before


def test_a_notebook_source_by_path(package, tmp_path):
    page = tmp_path / "01_page.py"
    page.write_text("# %%\nfrom demo import inside\n")
    assert set(sources.closure([page], package)) == {"01_page.py", "demo", "demo.inside", "demo.alone"}


def test_order_of_modules_does_not_matter(package):
    assert sources.digest(["demo.top", "demo.inside"], package) == sources.digest(["demo.inside", "demo.top"], package)


def test_unknown_module_and_broken_source(package):
    with pytest.raises(sources.SourceError, match="no source file for module 'demo.nowhere'"):
        sources.digest(["demo.nowhere"], package)
    (package / "alone.py").write_text("def (:\n")
    with pytest.raises(sources.SourceError, match=r"alone\.py"):
        sources.digest(["demo.inside"], package)


def test_own_package():
    found = sources.closure(["quakebook.training.loop"])
    assert {"quakebook", "quakebook.training.loop", "quakebook.training.seeding", "quakebook.training.tracking.mirror"
            } <= set(found)
    assert all(isinstance(path, Path) for path in found.values())


def test_line_ends_of_a_checkout_do_not_count(tmp_path):
    for name, end in (("unix", b"\n"), ("windows", b"\r\n")):
        package = tmp_path / name / "pkg"
        package.mkdir(parents=True)
        (package / "__init__.py").write_bytes(b"")
        (package / "a.py").write_bytes(b"x = 1" + end + b"y = 2" + end)
    first, second = (sources.digest(["pkg.a"], tmp_path / name / "pkg") for name in ("unix", "windows"))
    assert first == second


def test_words_of_3_to_79_letters_may_name_a_file(tmp_path):
    """Longer ones are sentences, shorter ones no file names with an ending."""
    from quakebook.training.sources import _read

    path = tmp_path / "m.py"
    texts = ["ab", "abc", "x" * 79, "x" * 80]
    path.write_text("\n".join(f"a{k} = {text!r}" for k, text in enumerate(texts)))
    assert _read(path, (0, 0)).words == {"abc", "x" * 79}
