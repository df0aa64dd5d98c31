"""Training steps of a checkout of the published UVCGAN-S code, at the settings of its calorimeter script.

No data set is opened and nothing is written. The learning rate's schedule is left out, since its call fails with
today's PyTorch; it takes no part in a step. Packages that the code imports and its networks do without (images, tables,
progress bars) are stood in for where they are absent.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from torch import Tensor

from quakebook.uvcgan_s.settings import NetworkConfig

#: Packages that the published code imports beside PyTorch and numpy, none of which a training step calls.
NOT_CALLED = ("torchvision", "pandas", "tqdm", "einops", "PIL", "h5py")
ADAM = {"name": "Adam", "lr": 5e-5, "betas": (0.5, 0.99)}


class _Anything(type):
    """An empty class that holds whatever name is asked for, as another one."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {})


class _Absent(types.ModuleType):
    """A package that holds whatever name is asked for, as an empty class."""

    __getattr__ = _Anything.__getattr__


class _StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Asked after all others, so that a package that is there is used."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        known = name.partition(".")[0] in NOT_CALLED
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if known else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Absent(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""


#: Modules of the published package that this program calls, and what it expects of them.
EXPECTED = {"uvcgan_s.config.config": "Config", "uvcgan_s.cgan": "construct_model"}


def reference_step(path: str, network: NetworkConfig, given: list[Tensor], device: str) -> Callable[[], object]:
    """A step of the checkout's model on the given images of the three domains.

    Raises
    ------
    SystemExit
        The folder holds no such package, or one that is built otherwise; the line says what was expected.
    """
    if not (Path(path) / "uvcgan_s" / "cgan" / "uvcgan_s.py").is_file():
        sys.exit(f"no uvcgan_s/cgan/uvcgan_s.py in {path}: --reference wants the folder of a checkout of the published "
                 "code")
    sys.path.insert(0, str(Path(path).resolve()))
    sys.meta_path.append(_StandIns())
    make_config, make = (_named(module, name, path) for module, name in EXPECTED.items())
    with _refused(path, "Config(**settings), then construct_model(None, config, is_train=True, device=DEVICE)"):
        model = make(None, make_config(**settings(network, given)), is_train=True, device=device)
        model.train()

    def step() -> object:
        with _refused(path, "model.set_input(images), .optimization_step() and .get_current_losses()"):
            model.set_input(given)
            model.optimization_step()
            return model.get_current_losses()

    return step


def _named(module: str, name: str, path: str) -> Any:
    """A name of a module of the checkout."""
    with _refused(path, f"{name} in {module}"):
        found = importlib.import_module(module)
        if not Path(found.__file__ or "").resolve().is_relative_to(Path(path).resolve()):
            raise ImportError(f"{module} was found in {found.__file__}")
        return getattr(found, name)


@contextmanager
def _refused(path: str, expected: str) -> Iterator[None]:
    """Whatever fails inside ends the program in one line that says what was expected of the checkout."""
    try:
        yield
    except Exception as error:  # the checkout may raise anything
        sys.exit(f"the code in {path} cannot be used as the reference: expected {expected}; found "
                 f"{type(error).__name__}: {' '.join(str(error).split())}")


def settings(network: NetworkConfig, given: list[Tensor]) -> dict[str, Any]:
    """The published settings under the published names."""
    blocks: list[tuple[str, Any]] = []
    for k, features in enumerate(network.critic_levels):
        size = {"kernel_size": 2, "padding": 0, "stride": 2} if k else {"kernel_size": 3, "padding": 1, "stride": 1}
        blocks += [("stem", size | {"features": features}), ("resnet", network.critic_blocks)]
    critic = {"block_specs": blocks, "norm": "batch", "activ": "leakyrelu", "rezero": True,
              "reduce_output_channels": True}
    generator = {
        "features": network.features, "n_heads": network.heads, "n_blocks": network.blocks,
        "ffn_features": network.feed_forward, "embed_features": network.embed, "activ": "gelu", "norm": "layer",
        "modnet_features_list": list(network.levels), "modnet_activ": "leakyrelu", "modnet_norm": None,
        "modnet_downsample": "conv", "modnet_upsample": "upsample-conv", "modnet_rezero": False, "rezero": True,
        "activ_output": None, "style_rezero": True, "style_bias": True, "n_ext": network.extra_tokens}
    domains = [{"dataset": {"name": "h5array-domain-hierarchy", "path": "", "domain": domain},
                "shape": tuple(image.shape[1:])}
               for domain, image in zip(("background", "signal", "embed"), given, strict=True)]
    weights = {"lambda_adv_a0": 1, "lambda_adv_a1": 1, "lambda_adv_b": 1, "lambda_cyc_a0": 10, "lambda_cyc_a1": 100,
               "lambda_cyc_b": 10, "lambda_idt_aa": 0.5, "lambda_idt_bb": 0.5}
    return {
        "batch_size": len(given[0]), "data": {"datasets": domains, "merge_type": "unpaired", "workers": 1},
        "discriminator": {"model": "resnet", "model_args": critic, "optimizer": dict(ADAM), "spectr_norm": True,
                          "weight_init": {"name": "normal", "init_gain": 0.02}},
        "generator": {"model": "vit-modnet", "model_args": generator, "optimizer": dict(ADAM),
                      "weight_init": {"name": "kaiming"}},
        "model": "uvcgan-s", "loss": "hinge", "scheduler": None, "seed": 0,
        "model_args": weights | {"ema_momentum": 0.9999, "data_norm": {"name": "log", "bias": 0.1},
                                 "gp_cache_period": 0, "grad_clip": {"norm": 0.5}, "head_queue_size": 0,
                                 "head_config": "idt"},
        "gradient_penalty": {"center": 0, "lambda_gp": 0.01, "mix_type": "real-fake", "reduction": "mean"}}
