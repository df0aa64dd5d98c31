"""environment.yml, pyproject.toml, constraints.txt and what is installed agree."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from quakebook.training.tracking.mirror import BACKENDS

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())
PLAIN = {"python", "pip", "nodejs", "make", "git"}


def requirements(*extras):
    lines = PROJECT["dependencies"] + [line for e in extras for line in PROJECT["optional-dependencies"][e]]
    return [Requirement(line) for line in lines]


def pins():
    lines = [x for x in (ROOT / "constraints.txt").read_text().splitlines() if x and not x.startswith("#")]
    return {canonicalize_name(name): pinned for name, _, pinned in (x.partition("==") for x in lines)}


def conda_specs():
    return [spec for spec in CONDA["dependencies"] if isinstance(spec, str)]


def test_conda_brings_interpreter_and_tools_only():
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]
    assert {re.split("[=<>]", spec)[0] for spec in conda_specs()} <= PLAIN


def test_conda_python_satisfies_requires_python():
    spec = next(s for s in conda_specs() if s.startswith("python="))
    assert Version(spec.partition("=")[2]) in SpecifierSet(PROJECT["requires-python"])


def test_conda_installs_the_project_with_extras_that_exist():
    (pip,) = [entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict)]
    (line,) = pip
    extras = re.fullmatch(r"-e \.\[([a-z,]+)\]", line)[1].split(",")
    assert set(extras) <= set(PROJECT["optional-dependencies"])
    assert {"book", "notebooks"} <= set(extras)


@pytest.mark.parametrize("extra", ["notebooks", "book", "tests"])
def test_installed_versions_satisfy_the_requirements(extra):
    for need in requirements(extra):
        assert version(need.name) in need.specifier, f"{need}: installed {version(need.name)}"


def test_pins_satisfy_every_requirement():
    pinned = pins()
    for need in requirements("notebooks", "book", "tests", "lab", "batch", "mlflow", "tensorboard", "wandb"):
        name = canonicalize_name(need.name)
        assert name in pinned, f"{need.name} is not pinned in constraints.txt"
        assert Version(pinned[name]) in need.specifier, f"{need}: pinned {pinned[name]}"


def refused(needed, supported=PROJECT["requires-python"]):
    """Patch releases of Python that the project supports and `needed` (a Requires-Python) does not."""
    patches = [Version(f"3.{minor}.{patch}") for minor in range(10, 16) for patch in range(25)]
    return [str(each) for each in patches if each in SpecifierSet(supported) and each not in SpecifierSet(needed)]


def test_a_pin_that_needs_a_later_patch_release_is_noticed():
    assert refused(">=3.11.5", ">=3.11,<3.13") == ["3.11.0", "3.11.1", "3.11.2", "3.11.3", "3.11.4"]
    assert len(refused(">=3.11,<3.12", ">=3.11,<3.13")) == 25 and refused(">=3.9") == refused("") == []


def test_pins_install_on_every_supported_python():
    """Debian 12 has Python 3.11.2. Of pins that are not installed in this version, nothing is known here."""
    faults = []
    for name, pinned in pins().items():
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        lacking = refused(found.metadata.get("Requires-Python", ""))
        if lacking and found.version.partition("+")[0] == pinned:
            faults.append(f"{name}=={pinned} does not install on Python {lacking[0]} to {lacking[-1]}")
    assert faults == []


def test_one_extra_brings_all_trackers():
    (line,) = PROJECT["optional-dependencies"]["tracking"]
    whole = Requirement(line)
    assert whole.name == PROJECT["name"] and whole.extras == set(BACKENDS) - {"none", "csv"}
    assert whole.extras <= set(PROJECT["optional-dependencies"])


def test_pins_are_exact_and_name_no_place():
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!]+", line), line


def test_installed_packages_are_the_pinned_ones():
    """Only a note where somebody installed another set on purpose: torch may be a CUDA build."""
    different = []
    for name, pinned in pins().items():
        try:
            found = version(name).partition("+")[0]
        except PackageNotFoundError:
            continue
        if found != pinned:
            different.append(f"{name} {found} != {pinned}")
    if different:
        pytest.skip(f"another set than the tested one is installed: {', '.join(different)}")


def test_the_licence_is_there():
    assert PROJECT["license"] == "GPL-3.0-or-later"
    text = (ROOT / "LICENSE").read_text()
    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "Version 3, 29 June 2007" in text
    assert len(text) > 30_000
