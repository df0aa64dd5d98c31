"""From continuous archives to training windows: list, read, check, cut, store as shards, stream.

>>> from quakebook.data import archive
>>> archive.Processing().window_samples
3000
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["embedded", "figures", "pages", "manifest", "verbs"],
    submod_attrs={
        "bigsets": ["open_records"], "build": ["Sharding", "build"], "cache": ["ShardCache"],
        "errors": ["DamagedError", "StoreError"], "fdsn": ["Query", "StationService"], "listing": ["Wish"],
        "miniseed_source": ["MiniSeedSource"], "processing": ["Processing"], "publish": ["adopt", "publish"],
        "quality": ["Limits"], "shard_set": ["ShardSet"], "splits": ["Split"], "station_days": ["station_days"],
        "stations": ["Stations"], "stores": ["open_store"], "stream": ["StreamLoader", "WindowStream"],
        "windows": ["WindowMaker"]})
