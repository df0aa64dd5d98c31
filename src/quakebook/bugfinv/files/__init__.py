"""Elastic models and gathers from files: NumPy dictionaries, flat binaries, MATLAB, npz, HDF5 and SEG-Y."""

from quakebook.bugfinv.files.binaries import read_binary, read_overthrust, write_binary
from quakebook.bugfinv.files.containers import read_arrays
from quakebook.bugfinv.files.depth import to_time
from quakebook.bugfinv.files.dictionaries import load_dictionary
from quakebook.bugfinv.files.models import load_marmousi2, load_model
from quakebook.bugfinv.files.segy import read_segy, write_segy
from quakebook.bugfinv.files.units import density_to_g_cm3, velocity_to_m_s

__all__ = ["density_to_g_cm3", "load_dictionary", "load_marmousi2", "load_model", "read_arrays", "read_binary",
           "read_overthrust", "read_segy", "to_time", "velocity_to_m_s", "write_binary", "write_segy"]
