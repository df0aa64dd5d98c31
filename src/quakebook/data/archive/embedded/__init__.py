"""A synthetic continuous archive that is made in seconds, as real miniSEED and StationXML.

>>> from quakebook.data.archive import embedded
>>> sorted(embedded.PRESETS)
['default', 'large', 'test']
"""

from quakebook.data.archive.embedded.presets import PRESETS, Preset
from quakebook.data.archive.embedded.write import cached, make

__all__ = ["PRESETS", "Preset", "cached", "make"]
