"""Elastic models and gathers from files: NumPy dictionaries, flat binaries, MATLAB, npz, HDF5 and SEG-Y."""

from .binaries import read_binary, read_overthrust, write_binary
from .containers import read_arrays
from .depth import to_time
from .dictionaries import load_dictionary
from .models import load_marmousi2, load_model
from .segy import read_segy, write_segy
from .units import density_to_g_cm3, velocity_to_m_s

__all__ = ["density_to_g_cm3", "load_dictionary", "load_marmousi2", "load_model", "read_arrays", "read_binary",
           "read_overthrust", "read_segy", "to_time", "velocity_to_m_s", "write_binary", "write_segy"]
