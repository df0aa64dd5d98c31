"""Training: configuration, runs that are found again, one loop, optional trackers.

Nothing heavy is imported here: `quakebook.training.fit` and its neighbours load torch when they are first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "config": ["ConfigError", "TrainingConfig", "compose", "from_dict", "to_dict", "to_yaml"],
        "runs": ["Run", "obtain"],
        "files": ["RunError"],
        "experiment": ["Experiment"],
        "loop": ["fit"],
        "progress": ["track"],
    },
)
