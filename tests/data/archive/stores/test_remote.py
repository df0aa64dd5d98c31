"""S3 and HTTP over loopback, in order and out of order."""

import os
import pickle

import pytest
from tests.data.archive.servers import objects, serving

from quakebook.data.archive import StoreError, open_store
from quakebook.data.archive.stores import remote

BODY = bytes(range(256)) * 40


@pytest.fixture
def flaky():
    """Open a bucket of a server that fails as `plan` says; fast retries."""
    handlers = []

    class Flaky:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            self.context.__exit__(*error)

        def open(self, plan, **options):
            handler = objects({"/bkt/a": BODY, "/bkt/x#1": b"hash"}, plan)
            self.context = serving(handler)
            self.asked = handler.asked
            address = self.context.__enter__()
            handlers.append(self)
            return open_store("s3://bkt", endpoint_url=address, anonymous=True, timeout_s=5.0, **options)

    with_server = Flaky()
    yield with_server
    for one in handlers:
        one.context.__exit__(None, None, None)


def test_listing_and_ranges_on_s3(signed, boto, private):
    for key in ("a/STA.NN.2023.060#2", "a/b/other", "c"):
        boto.put_object(Bucket=private, Key=key, Body=BODY)
    store = signed(private)
    assert [item.key for item in store.list("a/")] == ["a/STA.NN.2023.060#2", "a/b/other"]
    assert [item.size_bytes for item in store.list("a/STA.NN")] == [len(BODY)]
    assert store.read("a/STA.NN.2023.060#2") == BODY
    assert store.read("a/b/other", 10, 20) == BODY[10:20]
    assert store.read("a/b/other", -7) == BODY[-7:]
    assert store.read("a/b/other", len(BODY) - 3) == BODY[-3:]


def test_only_one_creates_and_a_tag_guards_replacing(signed, private):
    store = signed(private)
    assert store.create("once", b"1") and not store.create("once", b"2")
    content, tag = store.read_tagged("once")
    assert content == b"1"
    assert store.replace("once", b"3", tag) and not store.replace("once", b"4", tag)
    assert store.read("once") == b"3"
    store.delete("once")
    assert store.create("once", b"5")


def test_anonymous_reads_what_is_public_and_says_what_is_not(s3, signed, boto, private, bucket):
    store = open_store(f"s3://{bucket}", endpoint_url=s3)
    assert store.anonymous
    assert store.read(next(store.list("continuous_waveforms/")).key, 0, 8)
    boto.put_object(Bucket=private, Key="secret", Body=b"")
    with pytest.raises(StoreError, match=r"s3://private/secret: access denied; .*--no-anon"):
        open_store(f"s3://{private}", endpoint_url=s3, anonymous=True).read("secret")
    with pytest.raises(StoreError, match=r"private/none: there is no such object .*list the archive again"):
        signed(private).read("none")


def test_signed_access_without_a_key_is_refused():
    with pytest.raises(StoreError, match="AWS_ACCESS_KEY_ID"):
        open_store("s3://bkt", anonymous=False)


def test_keys_come_from_environment_and_profile(monkeypatch, tmp_path, s3, boto, private):
    boto.put_object(Bucket=private, Key="mine", Body=b"1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    assert open_store(f"s3://{private}").read("mine") == b"1"
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    (tmp_path / "credentials").write_text("[net]\naws_access_key_id = x\naws_secret_access_key = x\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    assert open_store(f"s3://{private}", profile="net").read("mine") == b"1"
    with pytest.raises(StoreError, match="no profile 'other'; it has net"):
        open_store(f"s3://{private}", profile="other")


@pytest.mark.parametrize("faults", [[503, 503], ["kill"], [("cut", 100)], [("cut", 0), 500, 429]])
def test_faults_that_pass_are_overcome(flaky, faults):
    store = flaky.open({"/bkt/a": list(faults)})
    assert store.read("a") == BODY
    assert flaky.asked.count("/bkt/a") > 1


@pytest.mark.parametrize("fault", [503, "kill", ("cut", 100)])
def test_faults_that_stay_name_object_and_remedy(flaky, fault):
    store = flaky.open({"/bkt/a": [fault, "always"]}, retries=1)
    with pytest.raises(StoreError, match=r"s3://bkt/a: .*gave up after 2 tries\. .*run the same command again"):
        store.read("a")


@pytest.mark.parametrize(("fault", "words"), [
    (("error", 400, "ExpiredToken"), "expired: fetch new ones and set AWS_SESSION_TOKEN"),
    (("error", 403, "AccessDenied"), "not public: give credentials"), (404, "no such object")])
def test_faults_that_do_not_pass_are_not_repeated(flaky, fault, words):
    store = flaky.open({"/bkt/a": [fault, "always"]})
    with pytest.raises(StoreError, match=words):
        store.read("a")
    assert len(flaky.asked) == 1


def test_http_reads_but_does_not_list():
    with serving(objects({"/files/a": BODY}, {})) as address:
        store = open_store(f"{address}/files")
        assert store.read("a", 5, 9) == BODY[5:9]
        with pytest.raises(StoreError, match="cannot be listed"):
            list(store.list())


def test_three_further_tries_with_growing_pauses_unless_told_otherwise(monkeypatch):
    from obstore.exceptions import GenericError

    from quakebook.data.archive.stores import remote

    pauses, tries, made = [], [], {}
    monkeypatch.setattr(remote.time, "sleep", pauses.append)
    monkeypatch.setattr(remote, "connect", lambda *given: made.setdefault("given", given))

    def work():
        tries.append(1)
        raise GenericError("dropped")

    store = open_store("s3://bkt", anonymous=True)
    with pytest.raises(StoreError, match="gave up after 4 tries"):
        store._try("a", work)
    assert len(tries) == 4 and pauses == pytest.approx([0.05, 0.1, 0.2])
    store.client()
    assert made["given"] == ("s3://bkt", "us-west-2", None, None, 30.0, 3)


def test_long_messages_are_cut_to_two_hundred_characters():
    from quakebook.data.archive.stores.remote import _short

    assert _short("x" * 199 + "\nmore") == "x" * 199 and _short("") == "unknown error"
    assert _short("x" * 200) == "x" * 197 + "..."


def test_nobody_there():
    store = open_store("s3://bkt", endpoint_url="http://127.0.0.1:9", anonymous=True, retries=0, timeout_s=2.0)
    with pytest.raises(StoreError, match="Check the network and the endpoint"):
        store.read("a")


def test_a_store_travels_to_another_process_but_not_through_a_fork(signed, private, boto):
    boto.put_object(Bucket=private, Key="k", Body=b"v")
    store = signed(private)
    assert store.read("k") == b"v"
    assert pickle.loads(pickle.dumps(store)).read("k") == b"v"
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            signed(private).read("k")
        except StoreError as error:
            os.write(write, str(error).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert b"multiprocessing_context='spawn'" in os.read(read, 4096)
    os.close(read)
    os.close(write)


@pytest.mark.parametrize(("text", "shown"), [
    ("", "unknown error"), ("a\nb", "a"), ("x" * 199, "x" * 199), ("x" * 200, "x" * 197 + "..."),
    ("x" * 999, "x" * 197 + "...")])
def test_messages_have_two_hundred_letters_at_most(text, shown):
    assert remote._short(text) == shown


def test_waits_that_were_chosen():
    store = remote.RemoteStore("s3://bucket/", anonymous=True)
    assert (store.url, store.timeout_s, store.retries, store.region) == ("s3://bucket", 30.0, 3, "us-west-2")
