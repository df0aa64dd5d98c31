"""Optional mirrors of a run in other people's tools, behind one name. The run's own files stay the source."""

from .mirror import Mirror, TrackerError, open_tracker

__all__ = ["Mirror", "TrackerError", "open_tracker"]
