import numpy as np
import pytest
import torch

from quakebook.data.errors import DataError
from quakebook.gp2vec.data.splits import EVENT, NOISE, TREMOR, fingerprint, load
from quakebook.gp2vec.data.windows import bandpass
from quakebook.gp2vec.scoring.tasks import questions, split
from quakebook.gp2vec.settings import DataConfig

DATA = DataConfig(records=96, dev_records=24)


def test_kinds_and_shares(pool):
    kind = pool.kind
    assert {int(k) for k in kind.unique()} == {NOISE, TREMOR, EVENT}
    assert 0.15 < float((kind != EVENT).float().mean()) < 0.5
    assert abs(int((kind == TREMOR).sum()) - int((kind == NOISE).sum())) <= 1
    assert pool.p[kind == EVENT].isfinite().all() and pool.p[kind != EVENT].isnan().all()


def test_splits_share_no_event(pool):
    names = {part: set(map(str, load(DATA, part, "cpu", 24).events[load(DATA, part, "cpu", 24).kind.numpy() == EVENT]))
             for part in ("dev", "probe")}
    names["train"] = set(map(str, pool.events[pool.kind.numpy() == EVENT]))
    for a, b in (("train", "dev"), ("train", "probe"), ("dev", "probe")):
        assert not names[a] & names[b]


def test_probe_parts_divide_events_not_records():
    events = np.array([f"e{i // 3}" for i in range(300)], object)
    parts = split(events)
    sets = {name: {str(e) for e in events[rows]} for name, rows in parts.items()}
    assert not (sets["train"] & sets["test"]) and not (sets["train"] & sets["dev"]) and not (sets["dev"] & sets["test"])
    assert sum(map(len, parts.values())) == 300
    assert (len(sets["train"]), len(sets["dev"]), len(sets["test"])) == (60, 15, 25)


def test_questions_are_about_the_right_times(pool):
    start = pool.fixed_starts(3000)
    asked = questions(pool, start, 3000)
    p = ((pool.p - start) / 100)[:, None].double()
    s = ((pool.s - start) / 100)[:, None].double()
    time, label = asked.time_s["phase"].double(), asked.label["phase"]
    assert (time < p)[label == 0].all()
    between = (time >= p - 1e-5) & (time <= s + 1e-5)
    assert between[(label == 1) & s.isfinite().expand_as(label)].all()
    for name, onset in (("P", p), ("S", s)):
        distance = (asked.time_s[name].double() - onset).abs()
        assert (distance[asked.label[name] == 1] < 1e-3).all()
        away = distance[asked.label[name] == 0]
        assert float(away.min()) > 0.49 and float(away.max()) < 3.01
    assert (asked.label["kind"] == pool.kind.cpu()).all()


def test_tremor_raises_its_band():
    from quakebook.gp2vec.data.tremor import add_tremor

    noise = torch.randn(20, 3, 6000, generator=torch.Generator().manual_seed(0))
    loud = add_tremor(noise, torch.Generator().manual_seed(1))
    inside = (bandpass(loud, 1.2, 7.0)[..., 2000:4000].std(-1) / bandpass(noise, 1.2, 7.0)[..., 2000:4000].std(-1))
    outside = (bandpass(loud, 15.0, 40.0).std(-1) / bandpass(noise, 15.0, 40.0).std(-1))
    assert float(inside.min()) > 1.0 and float(inside.median()) > 1.5
    torch.testing.assert_close(outside, torch.ones_like(outside), atol=0.02, rtol=0)


def test_unknown_names_are_refused():
    with pytest.raises(DataError, match="validation"):
        load(DATA, "validation")
    with pytest.raises(DataError, match="data.records"):
        load(DataConfig(name="synthetic:near:5:1"), "train")
    assert fingerprint(DATA) != fingerprint(DataConfig(records=97, dev_records=24))
