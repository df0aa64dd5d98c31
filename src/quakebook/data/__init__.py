"""Seismic records: synthetic ones made on the spot, and real ones through SeisBench.

>>> from quakebook.data import load_records
>>> records = load_records("synthetic:tiny:8:0")
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules={"catalogue", "compare", "errors", "examples", "figures", "loading", "record_checks", "records", "store",
                "synthetic"},
    submod_attrs={
        "errors": ["DataError"],
        "records": ["Records"],
        "catalogue": ["open_dataset"],
        "loading": ["fingerprint_of", "load_records", "outline_records"],
        "examples": ["example_records", "real_sample_path", "required_sample_path"],
    },
)
