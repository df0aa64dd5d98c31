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


def test_numbers_that_nobody_gives():
    """The published default: base size, two books of 320 codes, kernels of 128 frames, a tenth dropped."""
    plan = Architecture(convolutions=of_size("base").convolutions)
    assert (plan.width, plan.depth, plan.heads, plan.hidden, plan.channels) == (768, 12, 12, 3072, 3)
    assert (plan.dropout, plan.attention_dropout, plan.feature_dropout, plan.layer_drop) == (0.1, 0.1, 0.1, 0.0)
    assert (plan.position_kernel, plan.codebooks, plan.codes, plan.code_width) == (128, 2, 320, 256)
    assert (plan.feature_grad_mult, plan.ema_decay, plan.ema_restart) == (1.0, 0.99, 1)
    assert plan.pre_norm and plan.scale_logits and plan == of_size()


@pytest.mark.parametrize(("width", "heads"), [(768, 12), (512, 8), (1024, 16), (200, 2), (320, 5), (32, 1), (63, 1),
                                              (480, 6), (448, 7)])
def test_heads_of_64_numbers_that_divide_the_width(width, heads):
    assert heads_of(width) == heads


@pytest.mark.parametrize(("change", "words"), [
    ({"depth": 0}, "`depth` must be at least 1; found 0"), ({"ema_restart": 0}, "ema_restart"),
    ({"channels": 2}, "must be 1 or 3; found 2"), ({"heads": 5}, "`width` 128 is no multiple of `heads` 5"),
    ({"code_width": 65}, "no multiple of `codebooks` 2"), ({"fusion_layers": (4,)}, "between 0 and 3; found"),
    ({"fusion_layers": (-1,)}, "between 0 and 3"), ({"norm": "batch"}, "must be one of group, layer")])
def test_what_does_not_fit_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        of_size("tiny", **change)


def test_what_just_fits_is_taken():
    assert of_size("tiny", depth=1, fusion_layers=(0,), channels=1, codes=1, position_kernel=1, ema_restart=1)


def test_given_heads_are_taken_where_they_divide_the_width():
    assert architecture({"embed_dim": 512, "num_heads": 4}).heads == 4
    assert architecture({"embed_dim": 512, "num_heads": 8, "fusion": None}).heads == 8
    assert architecture({"context_encoder": {"num_heads": 16}}).heads == 16
