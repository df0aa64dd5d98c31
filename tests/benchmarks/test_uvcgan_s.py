"""The step's benchmark in small, and the way to a checkout of the published code, with a made-up checkout."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"

CHECKOUT = {
    "__init__.py": "import torchvision.transforms.functional\nfrom einops import rearrange\nimport torch\n\n"
                   "class Images(torchvision.datasets.ImageFolder):\n    pass\n",
    "config/__init__.py": "",
    "config/config.py": "class Config:\n    def __init__(self, **given):\n        vars(self).update(given)\n",
    "cgan/uvcgan_s.py": "",
    "cgan/__init__.py": """
from pathlib import Path

class Model:
    def train(self): self.steps = 0
    def set_input(self, images): assert [tuple(image.shape) for image in images] == [(2, 1, 24, 64)] * 3
    def optimization_step(self): self.steps += 1
    def get_current_losses(self): Path(__file__).with_name("steps.txt").write_text(str(self.steps)); return {}

def construct_model(savedir, config, is_train, device):
    assert savedir is None and is_train and device == "cpu" and config.batch_size == 2
    return Model()
"""}


@pytest.fixture
def parts(monkeypatch):
    """The benchmark's own modules."""
    monkeypatch.syspath_prepend(str(FOLDER))
    import uvcgan_s
    import uvcgan_s_reference

    yield uvcgan_s, uvcgan_s_reference
    for name in ("uvcgan_s", "uvcgan_s_reference"):
        del sys.modules[name]


def write(folder, **changes):
    """The made-up checkout, some of its files with another text."""
    for name, text in {**CHECKOUT, **changes}.items():
        path = folder / "uvcgan_s" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_ours_and_a_checkout_take_turns(tmp_path):
    write(tmp_path)
    words = ["--tiny", "--steps", "2", "--threads", "1", "--batch", "2", "--device", "cpu", "--reference",
             str(tmp_path)]
    done = subprocess.run([sys.executable, str(FOLDER / "uvcgan_s.py"), *words], capture_output=True, text=True,
                          timeout=900)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "uvcgan_s/cgan/steps.txt").read_text() == "3"
    assert "seconds per step, batch 2, cpu, narrow networks" in done.stdout
    turns = re.findall(r"turn (.*): ratio of CPU time [\d.]+, of wall time [\d.]+", done.stdout)
    assert turns == ["0, not counted", "1", "2"]
    assert re.search(r"CPU  time: reference +[\d.]+ +ours +[\d.]+ +ratio +[\d.]+ \(.* in 2 turns\)", done.stdout)


def test_a_folder_without_the_code_is_refused(tmp_path, parts):
    given = [torch.zeros(1, 1, 24, 64)] * 3
    with pytest.raises(SystemExit, match="no uvcgan_s/cgan/uvcgan_s.py in"):
        parts[1].reference_step(str(tmp_path), parts[0].network(True), given, "cpu")


@pytest.mark.parametrize(("changes", "said"), [
    ({"config/config.py": "class Settings:\n    pass\n"},
     "expected Config in uvcgan_s.config.config; found AttributeError"),
    ({"cgan/__init__.py": "import no_such_package\n"},
     "expected construct_model in uvcgan_s.cgan; found ModuleNotFoundError: No module named 'no_such_package'"),
    ({"cgan/__init__.py": "def construct_model(config):\n    pass\n"},
     "expected Config(**settings), then construct_model(None, config, is_train=True, device=DEVICE); found TypeError"),
    ({"cgan/__init__.py": CHECKOUT["cgan/__init__.py"].replace("optimization_step", "optimise")},
     "expected model.set_input(images), .optimization_step() and .get_current_losses(); found AttributeError")])
def test_a_checkout_that_is_built_otherwise_is_refused_in_one_line(tmp_path, changes, said):
    program = ("import sys, torch; sys.path.insert(0, sys.argv[1]); from uvcgan_s_reference import reference_step; "
               "from quakebook.uvcgan_s.settings import NetworkConfig; "
               "reference_step(sys.argv[2], NetworkConfig(), [torch.zeros(2, 1, 24, 64)] * 3, 'cpu')()")
    words = [sys.executable, "-c", program, str(FOLDER), str(write(tmp_path, **changes))]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, cwd=tmp_path.parent)
    assert done.returncode == 1 and done.stdout == ""
    line, = done.stderr.splitlines()
    assert line.startswith(f"the code in {tmp_path} cannot be used as the reference: ") and said in line


def test_the_published_settings_go_over(parts):
    given = [torch.zeros(4, 1, 24, 64)] * 3
    found = parts[1].settings(parts[0].network(False), given)
    blocks = found["discriminator"]["model_args"]["block_specs"]
    assert [size["features"] for name, size in blocks if name == "stem"] == [64, 128, 256, 512]
    assert [count for name, count in blocks if name == "resnet"] == [3, 3, 3, 3]
    assert blocks[0][1] == {"kernel_size": 3, "padding": 1, "stride": 1, "features": 64}
    assert blocks[2][1] == {"kernel_size": 2, "padding": 0, "stride": 2, "features": 128}
    made = found["generator"]["model_args"]
    assert (made["features"], made["n_heads"], made["n_blocks"], made["ffn_features"]) == (384, 6, 12, 1536)
    assert made["modnet_features_list"] == [96, 192, 384] and found["batch_size"] == 4
    assert found["data"]["datasets"][2]["shape"] == (1, 24, 64)
