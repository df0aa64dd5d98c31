"""Of several workers one does the work."""

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from quakebook.data.archive import open_store
from quakebook.data.archive.stores.claims import Claims


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path):
    if request.param == "folder":
        return open_store(tmp_path)
    request.getfixturevalue("private")
    return request.getfixturevalue("signed")("private")


def test_one_of_many(store):
    claims = Claims(store)

    others = threading.Semaphore(0)

    def work(_):
        with claims.take("one") as ours:
            for _ in range(5 * ours):  # held until the other five have asked, however late they start
                assert others.acquire(timeout=60)
            others.release()
            return ours

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(work, range(6))) == 1


def test_given_back_even_after_an_error(store):
    claims = Claims(store)
    with pytest.raises(ZeroDivisionError), claims.take("two") as ours:
        assert ours
        1 / 0  # noqa: B018
    with claims.take("two") as ours:
        assert ours


def test_waiting_until_it_is_free(store):
    claims = Claims(store)

    def hold():
        with claims.take("three") as ours:
            time.sleep(0.2)
            return ours

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(hold)
        time.sleep(0.1)
        with claims.take("three", wait_s=-1.0) as ours:
            assert ours and first.result()


def test_a_claim_in_a_store_ends_with_its_time(signed, private):
    store, now = signed(private), [1000.0]
    claims = Claims(store, lease_s=60.0, clock=lambda: now[0])
    store.write("claims/four.json", json.dumps({"owner": "gone:1", "until": 1030.0}).encode())
    with claims.take("four") as ours:
        assert not ours
    now[0] = 1031.0
    with claims.take("four") as ours:
        assert ours
        assert json.loads(store.read("claims/four.json"))["until"] == 1091.0


def test_a_claim_in_a_folder_ends_with_its_process(tmp_path):
    program = ("import sys, time; from quakebook.data.archive.stores.claims import Claims; "
               "from quakebook.data.archive.stores.local import LocalStore\n"
               "with Claims(LocalStore(sys.argv[1])).take('five') as ours:\n"
               "    print(ours, flush=True); time.sleep(60)")
    child = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "True\n"
    claims = Claims(open_store(tmp_path))
    with claims.take("five") as ours:
        assert not ours
    child.kill()
    child.wait()
    child.stdout.close()
    with claims.take("five", wait_s=2.0) as ours:
        assert ours
