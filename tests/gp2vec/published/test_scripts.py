"""Scripts and examples, as a user calls them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
pytest.importorskip("gp2vec")


def call(arguments, tmp_path, status=0):
    env = {**os.environ, "PYTHON": sys.executable, "QUAKEBOOK_RUNS": str(tmp_path / "runs"), "QUAKEBOOK_BATCH": "1",
           "OMP_NUM_THREADS": "1"}
    env.pop("GP2VEC_DATA_ROOT", None)
    out = subprocess.run([str(each) for each in arguments], env=env, cwd=tmp_path, capture_output=True, text=True,
                         timeout=300)
    assert out.returncode == status, out.stderr
    return out


def test_dry_run_prints_the_command(tmp_path):
    (tmp_path / "mine.yaml").write_text("a: 1\n")
    out = call([ROOT / "scripts" / "pretrain.sh", "mine.yaml", "-n", "--data.batch_size=32", "seed=3"], tmp_path).stdout
    assert out.split()[1:] == ["-m", "gp2vec.train.train", f"--config-path={tmp_path}", "--config-name=mine",
                               "data.batch_size=32", "seed=3"]
    assert "--bad" in call([ROOT / "scripts" / "pretrain.sh", "--bad"], tmp_path, status=2).stderr
    assert "no.yaml" in call([ROOT / "scripts" / "pretrain.sh", "no.yaml"], tmp_path, status=2).stderr


def test_the_script_trains(tmp_path):
    tiny = ["--train.max_steps=2", "--data.records=16", "--data.val_records=8", "--data.batch_size=4",
            "--model.embed_dim=64", "--model.context_encoder.num_layers=1", "--train.trainer.val_check_interval=1"]
    out = call([ROOT / "scripts" / "pretrain.sh", "-q", "+experiment=debug", *tiny], tmp_path).stdout
    assert Path(out.strip().split("run: ")[1], "gp2vec.safetensors").is_file()


@pytest.mark.parametrize(("name", "arguments", "words"), [
    ("model_usage.py", [], "(4, 150, 768)"), ("basic_training.py", ["4"], "dev_gap"),
    ("data_pipeline.py", [], "(32, 3, 3000)")])
def test_examples(tmp_path, name, arguments, words):
    assert words in call([sys.executable, ROOT / "examples" / name, *arguments], tmp_path).stdout
