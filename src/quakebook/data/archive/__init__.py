"""From continuous archives to training windows: list, read, check, cut, store as shards, stream.

>>> from quakebook.data import archive
>>> archive.Processing().window_samples
3000
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["embedded", "explorer", "figures", "pages", "verbs"],
    submod_attrs={
        "bigsets": ["stored"], "paged": ["PagedWaveforms"], "errors": ["DamagedError", "StoreError"],
        "motion.processing": ["Processing"], "motion.quality": ["Limits"], "motion.splits": ["Split"],
        "motion.station_days": ["station_days"], "motion.windows": ["WindowMaker"],
        "objects.listing": ["Wish"], "objects.manifest": ["build_manifest", "read_manifest"],
        "shards.build": ["Sharding", "build_shards"], "shards.cache": ["ShardCache"],
        "shards.publish": ["adopt", "publish"], "shards.reader": ["ShardSet"],
        "stations.fdsn": ["Query", "StationService"],
        "stations.table": ["Stations", "read_inventories", "stations_of"], "stores.opening": ["open_store"],
        "streaming.miniseed_source": ["MiniSeedSource"], "streaming.loader": ["StreamLoader"],
        "streaming.stream": ["WindowStream"]})
