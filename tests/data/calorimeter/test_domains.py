import h5py
import numpy as np
import pytest
import torch

from quakebook.data.calorimeter import Options, open_domains, open_folder, write
from quakebook.data.checksums import damaged_files
from quakebook.data.errors import DataError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write(tmp_path_factory.mktemp("calorimeter") / "set", "tiny", counts={"train": 20, "val": 6, "test": 4})


def test_written_and_synthetic_domains_agree(folder):
    assert damaged_files(folder) == []
    for split, count in (("train", 20), ("val", 6), ("test", 4)):
        written, made = open_domains(str(folder), split), open_domains("synthetic:tiny", split, records=count)
        assert written.paired == made.paired == (split != "train")
        for name in ("background", "signal", "mixture"):
            rows = np.arange(count)
            assert torch.allclose(getattr(written, name).read(rows), getattr(made, name).read(rows), atol=1e-6)


def test_truth_is_only_known_where_domains_are_paired(folder):
    val = open_domains(str(folder), "val")
    background, signal = val.truth([5, 2])
    assert torch.equal(background + signal, val.mixture.read([5, 2]))
    with pytest.raises(DataError, match="parts of its mixtures are not known"):
        open_domains(str(folder), "train").truth([0])


def test_published_layout_without_truth(folder, tmp_path):
    (tmp_path / "val").mkdir()
    (tmp_path / "val" / "embed").write_bytes((folder / "val" / "embed.h5").read_bytes())
    domains = open_domains(str(tmp_path), "val")
    assert domains.background is None and not domains.paired and len(domains.mixture) == 6


def test_parts_that_are_not_the_truth_are_refused(folder, tmp_path):
    (tmp_path / "val").mkdir()
    for domain in ("background", "signal", "embed"):
        (tmp_path / "val" / f"{domain}.h5").write_bytes((folder / "val" / f"{domain}.h5").read_bytes())
    with h5py.File(tmp_path / "val" / "signal.h5", "r+") as file:
        file["data"][:] = file["data"][:][::-1]
    with pytest.raises(DataError, match="not the sums"):
        open_domains(str(tmp_path), "val")


@pytest.mark.parametrize(("arguments", "words"), [
    (("synthetic:huge", "val"), "no synthetic data 'huge'"), (("synthetic:tiny", "dev"), "no split 'dev'"),
    (("/nowhere", "val"), "is not a folder"),
])
def test_wrong_names_are_refused(arguments, words):
    with pytest.raises(DataError, match=words):
        open_domains(*arguments)


def test_wrong_sizes_and_options_are_refused(folder):
    with pytest.raises(DataError, match="Write larger sets to a folder"):
        open_domains("synthetic:small", "train", records=10**6)
    with pytest.raises(DataError, match="do not apply to a folder"):
        open_domains(str(folder), "val", options=Options(noise_gev=1))
    with pytest.raises(DataError, match="no layout"):
        open_folder(folder, "cat", "val", "tree")
    with pytest.raises(DataError, match="exists already"):
        write(folder, "tiny")


def test_fingerprint_follows_seed_and_number():
    prints = {open_domains("synthetic:tiny", "val", records=n, seed=s).fingerprint for n, s in ((3, 0), (4, 0), (3, 1))}
    assert len(prints) == 3
