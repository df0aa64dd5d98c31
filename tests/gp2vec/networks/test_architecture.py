import pytest

from quakebook.gp2vec.networks.architecture import Architecture, heads_of, of_size
from quakebook.gp2vec.networks.published_model import architecture
from quakebook.gp2vec.objective.pretraining import GP2Vec

# measured once with an independent count: whole network without metadata, and what each fusion adds
PARAMETERS = {"tiny": 1_161_632, "small": 5_924_192}
FUSION = {"tiny": {"add": 127_552, "film": 33_024, "cross_attention": 95_360},
          "small": {"add": 176_960, "film": 131_584, "cross_attention": 321_792}}


def count(**options):
    return sum(p.numel() for p in GP2Vec(norm="layer", **options).parameters())


@pytest.mark.parametrize("size", PARAMETERS)
def test_parameters(size):
    plain = count(size=size, fusion="none")
    assert plain == PARAMETERS[size]
    add = FUSION[size]["add"]
    assert count(size=size, fusion="add") - plain == add
    for kind in ("film", "cross_attention"):
        assert count(size=size, fusion=kind) - plain - add == FUSION[size][kind]


def test_base_has_the_published_size():
    assert count(size="base", fusion="none") == 92_948_928


def test_heads_divide_the_width():
    for width in (32, 96, 128, 512, 768, 1024):
        assert width % heads_of(width) == 0


def test_plain_round_trip():
    plan = of_size("small", "hz25", fusion="film", tasks=("region",))
    assert Architecture.from_plain(plan.plain()) == plan


def test_published_node():
    plan = architecture({"embed_dim": 512, "context_encoder": {"num_layers": 3}, "quantizer": {"type": "ema"}})
    assert (plan.width, plan.heads, plan.hidden, plan.depth, plan.quantiser) == (512, 8, 2048, 3, "ema")


@pytest.mark.parametrize(("node", "words"), [({"embed_dimm": 5}, "embed_dimm"),
                                             ({"embed_dim": 1024, "num_heads": 12}, "num_heads"),
                                             ({"quantizer": {"type": "vq"}}, "quantiser")])
def test_published_node_refuses(node, words):
    with pytest.raises(ValueError, match=words):
        architecture(node)


@pytest.mark.parametrize(("size", "width", "depth", "heads", "hidden", "channels", "code_width"), [
    ("tiny", 128, 4, 2, 512, (32, 64, 64, 128, 128), 64), ("small", 256, 6, 4, 1024, (32, 64, 128, 256, 256), 128),
    ("base", 768, 12, 12, 3072, (64, 128, 256, 512, 768), 256),
    ("large", 1024, 24, 16, 4096, (64, 128, 256, 512, 1024), 256)])
def test_sizes_are_the_published_table(size, width, depth, heads, hidden, channels, code_width):
    plan = of_size(size)
    assert (plan.width, plan.depth, plan.heads, plan.hidden, plan.code_width) == (width, depth, heads, hidden,
                                                                                  code_width)
    assert tuple(layer.channels for layer in plan.convolutions) == channels


def test_keys_of_the_objective_are_read_elsewhere_and_others_are_not():
    node = {"name": "x", "masking": {"probability": 0.1}, "loss": {"negatives": 5}, "encoder": {"rate": "hz5"}}
    assert architecture(node) == architecture({})
    with pytest.raises(ValueError, match="unknown model key 'lossy'"):
        architecture({"lossy": 1})
