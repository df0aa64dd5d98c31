"""JSON that is nested too deeply for Python is refused with the name of the file, wherever a file is read."""

import pytest
import torch
from safetensors.torch import save_file

from quakebook.data.archive.shards import members, reader
from quakebook.gp2vec.networks import checkpoint
from quakebook.gp2vec.published import seislm
from quakebook.magnitude.scoring import files
from quakebook.publishing import claim_file, notebook
from quakebook.training.files import read_json
from quakebook.uvcgan_s.networks import checkpoint as generators
from quakebook.uvcgan_s.published import model_folder

DEEP = "[" * 100_000


def weights(folder, **header):
    """A file of weights with such a header."""
    path = folder / "model.safetensors"
    save_file({"a": torch.zeros(2)}, path, metadata=header)
    return path


def text(folder, name):
    path = folder / name
    path.write_text(DEEP)
    return path


CASES = {
    "run": lambda folder: read_json(text(folder, "record.json")),
    "evaluation": lambda folder: files.read_json(text(folder, "evaluation.json")),
    "claims": lambda folder: claim_file.parse(DEEP, "paper", "claims.yaml"),
    "shards": lambda folder: reader.ShardSet(text(folder, "shards.json").parent),
    "member": lambda folder: members.facts(DEEP[:50_000].encode(), "a.tar, sample a.json"),
    "gp2vec": lambda folder: checkpoint.read(weights(folder, kind=checkpoint.KIND, architecture=DEEP)),
    "gp2vec without": lambda folder: checkpoint.read(weights(folder, kind=checkpoint.KIND)),
    "gp2vec facts": lambda folder: checkpoint.facts(weights(folder, facts=DEEP)),
    "seislm": lambda folder: (text(folder, "config.json"), seislm.load_seislm(weights(folder))),
    "uvcgan": lambda folder: generators.load_generators(weights(folder, network=DEEP)),
    "model folder": lambda folder: model_folder.read_config(text(folder, "config.json").parent)}


@pytest.mark.parametrize("case", CASES)
def test_deep_json_is_named(tmp_path, case):
    with pytest.raises((ValueError, OSError), match=r"record\.json|evaluation\.json|claims\.yaml|shards\.json|a\.tar|"
                       r"model\.safetensors|config\.json") as caught:
        CASES[case](tmp_path)
    assert not isinstance(caught.value, RecursionError)


def test_deep_parameters_of_one_notebook(tmp_path, capsys):
    assert notebook.main([str(tmp_path / "a.ipynb"), str(tmp_path / "b.ipynb"), "--params", DEEP]) == 2
    assert "--params must be a JSON object" in capsys.readouterr().err
