import functools
import hashlib
import http.server
import io
import tarfile
import threading
import zipfile

import pytest

from quakebook.data.calorimeter.download import REMOTES, Remote, data_folder, download, download_model
from quakebook.data.errors import DataError


@pytest.fixture
def server(tmp_path):
    (tmp_path / "www").mkdir()
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(
            quiet, directory=str(tmp_path / "www"))) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, daemon=True)
        thread.start()
        yield tmp_path / "www", f"http://127.0.0.1:{httpd.server_address[1]}"
        httpd.shutdown()
        thread.join()


def archive(path, members):
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as file:
            for name, text in members.items():
                file.writestr(name, text)
    else:
        with tarfile.open(path, "w") as file:
            for name, text in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(text)
                file.addfile(info, io.BytesIO(text.encode()))
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def remotes(url, name, checksum, folder="", holds="pets"):
    return {"toy": Remote(f"{url}/{name}?dl=1", checksum, folder, holds)}


@pytest.mark.parametrize("name", ["pets.zip", "pets.tar"])
def test_fetch_check_unpack(server, tmp_path, name):
    www, url = server
    checksum = archive(www / name, {"pets/train/cat/a.txt": "meow"})
    lines = []
    path = download("toy", folder=tmp_path / "data", remotes=remotes(url, name, checksum), report=lines.append)
    assert (path / "train/cat/a.txt").read_text() == "meow" and len(lines) == 2
    with pytest.raises(DataError, match="exists already"):
        download("toy", folder=tmp_path / "data", remotes=remotes(url, name, checksum))
    download("toy", folder=tmp_path / "data", overwrite=True, remotes=remotes(url, name, checksum), report=lines.append)


def test_a_wrong_file_is_refused_and_nothing_is_unpacked(server, tmp_path):
    www, url = server
    archive(www / "pets.zip", {"pets/a.txt": "meow"})
    wrong = remotes(url, "pets.zip", "sha256:" + "0" * 64)
    with pytest.raises(DataError, match="was refused"):
        download("toy", folder=tmp_path / "data", remotes=wrong)
    (tmp_path / "data" / "pets.zip").write_bytes(b"something else")
    with pytest.raises(DataError, match="is not the published file"):
        download("toy", folder=tmp_path / "data", remotes=wrong)
    assert not (tmp_path / "data" / "pets").exists()


@pytest.mark.parametrize("name", ["pets.zip", "pets.tar"])
def test_members_that_point_outside_are_refused(server, tmp_path, name):
    www, url = server
    checksum = archive(www / name, {"pets/a.txt": "meow", "../../evil.txt": "x"})
    with pytest.raises(DataError, match="outside"):
        download("toy", folder=tmp_path / "data", remotes=remotes(url, name, checksum), report=str)
    assert not (tmp_path / "evil.txt").exists() and not (tmp_path / "data" / "pets").exists()


def test_an_archive_without_the_folder_and_an_absent_server(server, tmp_path):
    www, url = server
    checksum = archive(www / "pets.zip", {"birds/a.txt": "tweet"})
    with pytest.raises(DataError, match="does not hold pets"):
        download("toy", folder=tmp_path / "data", remotes=remotes(url, "pets.zip", checksum), report=str)
    with pytest.raises(DataError, match="cannot fetch"):
        download("toy", folder=tmp_path / "none", remotes=remotes("http://127.0.0.1:9", "pets.zip", checksum))


def test_names_and_folder(monkeypatch):
    with pytest.raises(DataError, match="known: afhq, sphenix"):
        download("dogs")
    assert len(REMOTES["afhq"].checksum) == len("sha256:") + 64 and REMOTES["sphenix"].url.startswith("doi:")
    monkeypatch.setenv("UVCGAN_S_DATA", "/some/where")
    assert str(data_folder()) == "/some/where"
    monkeypatch.delenv("UVCGAN_S_DATA")
    assert str(data_folder()) == "data"


def test_the_model_needs_its_record(tmp_path, monkeypatch):
    def absent(self):
        raise ValueError("no such record\nmore")

    monkeypatch.setattr("pooch.Pooch.load_registry_from_doi", absent)
    with pytest.raises(DataError, match="cannot fetch the model .*: no such record$"):
        download_model(tmp_path)


def test_the_model_is_compared_with_its_record(tmp_path, monkeypatch, server):
    www, url = server
    (www / "net.pth").write_bytes(b"weights")

    def registry(self):
        self.registry = {"net.pth": hashlib.sha256(b"weights").hexdigest()}

    monkeypatch.setattr("pooch.Pooch.load_registry_from_doi", registry)
    (path,) = download_model(tmp_path / "model", f"{url}/")
    assert path.read_bytes() == b"weights"
    path.write_bytes(b"mine")
    with pytest.raises(DataError, match=r"net.pth exists and is not the published file"):
        download_model(tmp_path / "model", f"{url}/")
    assert download_model(tmp_path / "model", f"{url}/", overwrite=True) == [path] and path.read_bytes() == b"weights"
    (www / "net.pth").write_bytes(b"other")
    with pytest.raises(DataError, match="cannot fetch the model"):
        download_model(tmp_path / "again", f"{url}/")
