"""Where images come from: one small interface for tensors, HDF5 files, folders of images and of arrays."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Protocol

import h5py
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from quakebook.data.content import content_hash, file_hashes
from quakebook.data.errors import DataError

IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff")
MAX_PIXELS = 64_000_000


class Source(Protocol):
    """Images of one domain and split: a length, the shape of one image, and rows on demand."""

    name: str

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height, width."""

    @property
    def fingerprint(self) -> str:
        """Text that changes when the images do."""

    def __len__(self) -> int: ...

    def read(self, rows: NDArray | Tensor) -> Tensor:
        """Images of the rows, shape (n, channels, height, width), float32, on the CPU unless held elsewhere."""


class TensorSource:
    """Images held in memory, on any device."""

    def __init__(self, images: Tensor, name: str, fingerprint: str) -> None:
        if images.ndim != 4:
            raise DataError(f"{name}: images must have shape (n, channels, height, width); found {tuple(images.shape)}")
        self.images, self.name, self._fingerprint = images, name, fingerprint

    @property
    def shape(self) -> tuple[int, int, int]:
        return tuple(self.images.shape[1:])

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def __len__(self) -> int:
        return len(self.images)

    def read(self, rows: NDArray | Tensor) -> Tensor:
        return self.images[torch.as_tensor(rows, device=self.images.device)]


class H5Source:
    """The data set `data` of one HDF5 file, shape (n, height, width) or (n, channels, height, width), row by row.

    Nothing is held in memory; each process opens the file for itself. Other keys, such as `index`, are not read.
    """

    def __init__(self, path: str | Path) -> None:
        self.path, self.name = Path(path), str(path)
        self._handle: tuple[int, Any] | None = None
        data = self._data()
        if data.ndim not in (3, 4) or not len(data):
            raise DataError(f"{self.name}: `data` must have shape (n, height, width) or (n, channels, height, width) "
                            f"with n > 0; found {data.shape}")
        self._length = len(data)
        self._shape = tuple(data.shape[1:]) if data.ndim == 4 else (1, *data.shape[1:])

    def _data(self) -> Any:
        if self._handle is None or self._handle[0] != os.getpid():
            try:
                file = h5py.File(self.path, "r")
            except OSError as error:
                raise DataError(f"{self.name} cannot be read as HDF5: {error}") from error
            data = file.get("data")
            if not isinstance(data, h5py.Dataset) or data.dtype.kind not in "fiu":
                raise DataError(f"{self.name}: expected numbers under the key `data`; found {list(file)[:5]}")
            self._handle = os.getpid(), data
        return self._handle[1]

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_handle": None}

    @property
    def shape(self) -> tuple[int, int, int]:
        return self._shape

    @property
    def fingerprint(self) -> str:
        """From the content of the file."""
        return file_hashes([self.path])[0][:16]

    def __len__(self) -> int:
        return self._length

    def read(self, rows: NDArray | Tensor) -> Tensor:
        wanted, back = np.unique(np.asarray(rows, dtype=np.int64), return_inverse=True)
        try:
            values = self._data()[wanted].astype(np.float32)
        except (OSError, IndexError) as error:
            raise DataError(f"{self.name}: cannot read rows {wanted[:3].tolist()} ...: {error}") from error
        if not np.isfinite(values).all():
            place = np.argwhere(~np.isfinite(values))[0].tolist()
            raise DataError(f"{self.name}: row {wanted[place[0]]} holds a value that is not finite at {place[1:]}")
        return torch.from_numpy(values[back].reshape(-1, *self.shape))


class FolderSource:
    """Images, or `.npz` files, of one folder, sorted by name; one file is opened at a time.

    Images become RGB between 0 and 1; of an `.npz` file the first array is taken as it is, (H, W), (H, W, C) or
    (C, H, W); a last axis of one to four is taken for channels. All must have the size of the first.
    """

    def __init__(self, folder: str | Path, kind: str = "image") -> None:
        self.folder, self.name, self.kind = Path(folder), str(folder), kind
        endings = IMAGE_ENDINGS if kind == "image" else (".npz",)
        self.files = sorted(p for p in self.folder.iterdir() if p.suffix.lower() in endings and p.is_file())
        if not self.files:
            raise DataError(f"{self.name}: no file that ends with {', '.join(endings)}")
        self._shape = tuple(self._load(self.files[0]).shape)

    def _load(self, path: Path) -> Tensor:
        return load_image(path) if self.kind == "image" else load_array(path)

    @property
    def shape(self) -> tuple[int, int, int]:
        return self._shape

    @property
    def fingerprint(self) -> str:
        """From the names and contents of all files."""
        return content_hash(self.files)[:16]

    def __len__(self) -> int:
        return len(self.files)

    def read(self, rows: NDArray | Tensor) -> Tensor:
        images = []
        for row in np.asarray(rows, dtype=np.int64):
            image = self._load(self.files[row])
            if tuple(image.shape) != self._shape:
                raise DataError(f"{self.files[row]}: expected the shape {self._shape} of {self.files[0].name}; "
                                f"found {tuple(image.shape)}")
            images.append(image)
        return torch.stack(images) if images else torch.zeros((0, *self._shape))


def load_image(path: Path) -> Tensor:
    """One image as RGB, shape (3, height, width), float32 between 0 and 1."""
    try:
        with Image.open(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise DataError(f"{path}: {image.width} x {image.height} pixels are more than {MAX_PIXELS}")
            pixels = np.asarray(image.convert("RGB"))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path} cannot be read as an image: {error}") from error
    return torch.from_numpy(pixels.astype(np.float32) / 255).permute(2, 0, 1).contiguous()


def load_array(path: Path) -> Tensor:
    """First array of an `.npz` file, shape (channels, height, width), float32; pickled content is refused."""
    try:
        with np.load(path, allow_pickle=False) as file:
            array = np.asarray(file[file.files[0]])
    except (OSError, ValueError, IndexError, KeyError) as error:
        raise DataError(f"{path} cannot be read as an array: {error}") from error
    if array.ndim == 2:
        array = array[None]
    elif array.ndim == 3 and array.shape[2] <= 4:
        array = np.moveaxis(array, 2, 0)
    if array.ndim != 3 or array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        raise DataError(f"{path}: expected finite numbers of shape (H, W), (H, W, C) or (C, H, W); "
                        f"found {array.dtype} {array.shape}")
    return torch.from_numpy(np.ascontiguousarray(array, dtype=np.float32))
