"""From a (synthetic) continuous archive to batches of windows."""

import sys
import tempfile
from pathlib import Path

from torch.utils.data import DataLoader

from gp2vec.data.pipeline import SeismicDataPipeline
from quakebook.data.archive import embedded
from quakebook.data.archive.verbs import manifest

folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
archive = embedded.make(folder / "archive", "test", seed=1)
manifest.main(["--local", str(archive), "--output", str(folder / "manifest.parquet")])
pipeline = SeismicDataPipeline(manifest_path=folder / "manifest.parquet", target_sampling_rate=100.0,
                               window_length=30.0, overlap=0.5)
dataset = pipeline.create_webdataset(shard_size=10_000)
batch = next(iter(DataLoader(dataset, batch_size=32)))
print(tuple(batch["waveform"].shape), sorted(batch["metadata"])[:4])
