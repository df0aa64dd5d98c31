"""From a manifest to windows under the published names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .stations import StationMetadataManager


class SeismicDataPipeline:
    """Reads a manifest, cuts windows into shards once, and streams them.

    Parameters
    ----------
    manifest_path : path
        Made by ``make_manifest``. Read when windows are asked for.
    metadata_manager : StationMetadataManager, optional
    target_sampling_rate : float
        Hz.
    window_length : float
        Seconds.
    overlap : float
        Share that neighbouring windows have in common.
    band : (float, float)
        Hz.
    shard_dir : path, optional
        Default: a folder ``shards`` beside the manifest. Equal settings and objects give the same shards, made once.
    **store_options
        ``region``, ``endpoint_url``, ``anonymous`` of a remote archive.
    """

    def __init__(self, manifest_path: str | Path, metadata_manager: StationMetadataManager | None = None,
                 target_sampling_rate: float = 100.0, window_length: float = 30.0, overlap: float = 0.5,
                 band: tuple[float, float] = (0.1, 20.0), shard_dir: str | Path | None = None,
                 **store_options: Any) -> None:
        self.manifest_path, self.metadata_manager = Path(manifest_path), metadata_manager
        self.rate_hz, self.window_s, self.overlap, self.band = target_sampling_rate, window_length, overlap, band
        self.shard_dir = Path(shard_dir) if shard_dir is not None else self.manifest_path.parent / "shards"
        self.store_options = store_options

    def build(self, shard_size: int = 10_000) -> Any:
        """The shards of all splits (`ShardSet`)."""
        from quakebook.data import archive

        manifest = archive.read_manifest(self.manifest_path)
        place = manifest["bucket"].iloc[0]
        store = archive.open_store(place, **self.store_options if "://" in place else {})
        settings = archive.Processing(rate_hz=self.rate_hz, window_s=self.window_s, overlap=self.overlap,
                                      band_hz=self.band)
        manager = self.metadata_manager
        maker = archive.WindowMaker(store, settings, None if manager is None or manager._given is None
                                    else manager.stations)
        return archive.build_shards(archive.station_days(manifest, []), maker, self.shard_dir,
                                    archive.Sharding(shard_size=shard_size))

    def create_webdataset(self, shard_size: int = 10_000, split: str | None = None, batch_size: int = 32) -> Any:
        """An iterable data set for ``torch.utils.data.DataLoader(dataset, batch_size=batch_size, num_workers=4)``.

        Each sample is {"waveform": (3, samples) float32, "metadata": numbers by name, "row": int}.
        """
        from quakebook.data.archive import ShardSet, WindowStream

        shards = self.build(shard_size)
        source = shards if split is None else ShardSet(shards.store.url, split=split)
        return WindowStream(source, batch_size)
