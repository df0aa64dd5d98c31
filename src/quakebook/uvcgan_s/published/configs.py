"""The published configurations, key by key as their program writes them to config.json."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from quakebook.training.config import ConfigError

#: Task and method -> (label, folder below the output root, epochs between checkpoints).
PLACES = {("sphenix", "uvcgan-s"): ("sgn_bkg_sub", "sphenix/uvcgan-s", 50),
          ("toy_mix_blur", "uvcgan-s"): ("cat_dog_sub", "toy_mix_blur/uvcgan-s", 10),
          ("toy_mix_blur", "uvcgan-v2"): ("cat_dog_sub", "toy_mix_blur/uvcgan-v2", 10)}
_BASE_OF = {"sphenix": "sphenix/2025-06-05_jet_bkg_sub", "toy_mix_blur": "afhq_resized_lanczos"}


def published(task: str, method: str = "uvcgan-s", path: str | None = None, **changes: Any) -> dict[str, Any]:
    """The configuration of a task, key by key as published.

    Parameters
    ----------
    task : {"sphenix", "toy_mix_blur"}
    method : {"uvcgan-s", "uvcgan-v2"}
        The second is the two-domain baseline of the toy.
    path : str, optional
        Of the data below the data root.
    **changes
        batch_size, epochs, steps_per_epoch or seed in place of the published ones.

    Raises
    ------
    ConfigError
        A task or method that was not published.
    """
    if (task, method) not in PLACES:
        raise ConfigError(f"{method} on {task} was not published; known: "
                          f"{', '.join(f'{m} on {t}' for t, m in PLACES)}")
    calorimeter, rate = task == "sphenix", 5e-5 if task == "sphenix" else 1e-4
    whole = {
        "batch_size": 4 if calorimeter else 1,
        "data": {"datasets": _datasets(task, method, path or _BASE_OF[task]), "merge_type": "unpaired", "workers": 1},
        "discriminator": _critic(calorimeter, rate), "epochs": 400 if calorimeter else 100,
        "generator": _generator([96, 192, 384] if calorimeter else [48, 96, 192, 384], rate),
        "gradient_penalty": {"center": 0, "lambda_gp": 0.01 if calorimeter else 1.0, "mix_type": "real-fake",
                             "reduction": "mean"},
        "loss": "hinge", "model": method, "model_args": _model_args(calorimeter, method),
        "scheduler": {"name": "linear-v2", "start_factor": 0.01, "end_factor": 1.0, "total_iters": 32}
        if calorimeter else None,
        "seed": 0, "steps_per_epoch": 2000 if calorimeter else 1000, "transfer": None}
    return deepcopy(whole | {key: value for key, value in changes.items() if value is not None})


def _datasets(task: str, method: str, path: str) -> list[dict[str, Any]]:
    if task == "sphenix":
        rows = [{"name": "h5array-domain-hierarchy", "path": path, "domain": domain}
                for domain in ("background", "signal", "embed")]
        shape = [1, 24, 64]
    else:
        domains = ("cat", "dog") if method == "uvcgan-s" else ("dog",)
        rows = [{"name": "image-domain-hierarchy", "domain": domain, "path": path} for domain in domains]
        rows.append({"name": "toy-mix-blur", "domain_a0": "cat", "domain_a1": "dog", "alpha": 0.5, "alpha_range": 0.0,
                     "blur_kernel_size": 5, "seed": 0, "path": path})
        shape = [3, 256, 256]
    return [{"dataset": row, "shape": shape, "transform_train": None, "transform_test": None} for row in rows]


def _adam(rate: float) -> dict[str, Any]:
    return {"name": "Adam", "lr": rate, "betas": [0.5, 0.99]}


def _critic(calorimeter: bool, rate: float) -> dict[str, Any]:
    specs: list[Any] = []
    for k, features in enumerate((64, 128, 256, 512)):
        specs.append(["stem", {"kernel_size": 2 if k else 3, "padding": 0 if k else 1, "stride": 2 if k else 1,
                               "features": features}])
        specs.append(["resnet", 3])
    arguments = {"block_specs": specs, "norm": "batch", "activ": "leakyrelu", "rezero": True,
                 "reduce_output_channels": True}
    return {"model": "resnet" if calorimeter else "n_layers",
            "model_args": arguments if calorimeter else {"n_layers": 5}, "optimizer": _adam(rate),
            "weight_init": {"name": "normal", "init_gain": 0.02}, "spectr_norm": calorimeter}


def _generator(levels: list[int], rate: float) -> dict[str, Any]:
    arguments = {"features": 384, "n_heads": 6, "n_blocks": 12, "ffn_features": 1536, "embed_features": 384,
                 "activ": "gelu", "norm": "layer", "modnet_features_list": levels, "modnet_activ": "leakyrelu",
                 "modnet_norm": None, "modnet_downsample": "conv", "modnet_upsample": "upsample-conv",
                 "modnet_rezero": False, "rezero": True, "activ_output": None, "style_rezero": True,
                 "style_bias": True, "n_ext": 1}
    return {"model": "vit-modnet", "model_args": arguments, "optimizer": _adam(rate),
            "weight_init": {"name": "kaiming"}}


def _model_args(calorimeter: bool, method: str) -> dict[str, Any]:
    common = {"gp_cache_period": 0, "head_queue_size": 0, "head_config": "idt"}
    if method == "uvcgan-v2":
        return {"lambda_a": 10, "lambda_b": 10, "avg_momentum": 0.999, **common}
    domains = ("a0", "a1", "b")
    return {**{f"lambda_adv_{d}": 1 for d in domains}, **{f"lambda_cyc_{d}": 10 for d in domains},
            **({"lambda_cyc_a1": 100} if calorimeter else {}), "lambda_idt_aa": 0.5, "lambda_idt_bb": 0.5,
            "ema_momentum": 0.9999 if calorimeter else 0.999,
            "data_norm": {"name": "log", "bias": 0.1} if calorimeter else None, "grad_clip": {"norm": 0.5},
            **{f"norm_{kind}_{d}": False for kind in ("loss", "disc") for d in domains}, **common}
