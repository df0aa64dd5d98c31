"""Names of the families of derived columns; the command line lists them without loading anything."""

FAMILIES = ("coordinates", "instrument", "temporal", "geographic_region", "elevation_band")
