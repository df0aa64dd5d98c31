"""``translate``: images of one domain through a model folder's generators, in the published output tree."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ..data.domains import Source
from ..data.normalise import refuse_undefined, select
from ..data.norms import Norm
from ..networks.build import critic, generator, parameter_count
from ..networks.checkpoint import load_published
from .meaning import network_of, shapes_of
from .model_folder import last_epoch, read_config, weights_path


class Model:
    """The generators of a model folder, the averaged ones where there are any.

    Parameters
    ----------
    folder : Path
    epoch : int, optional
        Of a checkpoint; -1 becomes the number of the last one; none: the final weights.
    state : {"eval", "train"}
    """

    def __init__(self, folder: Path, epoch: int | None = None, state: str = "eval",
                 device: str | torch.device = "cpu") -> None:
        self.folder, self.state, self.device = Path(folder), state, device
        self.config = read_config(self.folder)
        self.shapes = shapes_of(self.config)
        self.baseline = self.config["model"] == "uvcgan-v2"
        self.epoch = last_epoch(self.folder, self._saved("gen_ba")) if epoch == -1 else epoch
        self.norm: Norm = select(self.config["model_args"].get("data_norm"))
        a0, a1, b = self.shapes
        channels_a = a1[0] if self.baseline else a0[0] + a1[0]
        self.gen_ab = self._load("gen_ab", (channels_a, *b[1:]), b[0])
        self.gen_ba = self._load("gen_ba", b, channels_a)

    def _load(self, name: str, shape_in: tuple[int, int, int], channels_out: int) -> nn.Module:
        made = generator(network_of(self.config), shape_in, channels_out)
        load_published(made, weights_path(self.folder, self._saved(name), self.epoch))
        return made.to(self.device).train(self.state == "train")

    def _saved(self, name: str) -> str:
        """Name of a generator's file: that of its average where one is kept."""
        args = self.config["model_args"]
        average = args.get("avg_momentum") if self.baseline else args.get("ema_momentum")
        return name if average is None else f"{'avg' if self.baseline else 'ema'}_{name}"

    @torch.no_grad()
    def images(self, domain: int, images: Tensor) -> dict[str, Tensor]:
        """Named images that a domain gives: for mixtures (2) real_b, fake_a, fake_a0, fake_a1, reco_b.

        Of domain 0 or 1 only the input is known: one half of A cannot be translated.
        """
        if domain != 2:
            return {f"real_a{domain}": images}
        refuse_undefined(images, self.norm, "real_b")
        split = self.gen_ba(self.norm.forward(images))
        fake, again = self.norm.inverse(split), self.norm.inverse(self.gen_ab(split))
        if self.baseline:
            return {"real_b": images, "fake_a": fake, "reco_b": again}
        cut = self.shapes[0][0]
        return {"real_b": images, "fake_a": fake, "fake_a0": fake[:, :cut], "fake_a1": fake[:, cut:], "reco_b": again}


def output_folder(model: Model, domain: int, split: str, label: str | None) -> Path:
    """``evals/{final|epoch_0001}/translated(L)_domain(D)_STATE-SPLIT``; L is None when absent, as published."""
    epoch = "final" if model.epoch is None else f"epoch_{model.epoch:04d}"
    return model.folder / "evals" / epoch / f"translated({label})_domain({domain})_{model.state}-{split}"


def translate(model: Model, source: Source, domain: int, split: str, form: str, *, ext: Sequence[str] = ("png",),
              label: str | None = None, batch_size: int = 1, count: int | None = None) -> Path:
    """Write NAME/sample_I of every image; `count` is rounded up to whole batches. Returns the folder."""
    folder = output_folder(model, domain, split, label)
    wanted = len(source) if count is None else min(len(source), math.ceil(count / batch_size) * batch_size)
    for first in range(0, wanted, batch_size):
        rows = torch.arange(first, min(first + batch_size, wanted))
        for name, images in model.images(domain, source.read(rows).float().to(model.device)).items():
            (folder / name).mkdir(parents=True, exist_ok=True)
            for row, image in zip(rows.tolist(), images.cpu(), strict=True):
                write(folder / name / f"sample_{row}", image, form, ext)
    return folder


def write(stem: Path, image: Tensor, form: str, ext: Sequence[str] = ("png",)) -> list[Path]:
    """One image: compressed npz (key arr_0; (H, W), or (H, W, C)), or pictures of round(255 clip(x, 0, 1)).

    What has neither one nor three channels becomes npz in any case.
    """
    values = image.permute(1, 2, 0).numpy()
    if form == "image" and values.shape[2] in (1, 3):
        from PIL import Image

        pixels = np.round(255 * np.clip(values, 0, 1)).astype(np.uint8)
        picture = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
        paths = [stem.with_suffix(f".{each}") for each in ext]
        for path in paths:
            picture.save(path)
        return paths
    path = stem.with_suffix(".npz")
    np.savez_compressed(path, values[:, :, 0] if values.shape[2] == 1 else values)
    return [path]


def sizes(model: Model) -> Mapping[str, int]:
    """Parameter counts of the generators, and of the critics that the configuration describes."""
    network, (a0, a1, b) = network_of(model.config), model.shapes
    images = {"a": a1, "b": b} if model.baseline else {"a0": a0, "a1": a1, "b": b}
    with torch.device("meta"):
        critics = {f"disc_{domain}": critic(network, shape[0]) for domain, shape in images.items()}
    made = {"gen_ab": model.gen_ab, "gen_ba": model.gen_ba, **critics}
    return {name: parameter_count(each) for name, each in made.items()}
