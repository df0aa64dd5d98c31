"""Which architecture a recorded result was computed with."""

from __future__ import annotations

from collections.abc import Mapping

from quakebook.magnitude.recorded.read import Recorded

#: Networks that were brought to agree with the published code to the last digit.
CHANGED = ("phasenet_mag", "amag_v2")


def older(groups: Mapping[str, list[Recorded]]) -> list[str]:
    """Jobs of these networks whose recorded results are from before the change."""
    return sorted(name for name, entries in groups.items() if entries[0].content.get("model_type") in CHANGED
                  and not all(entry.content.get("architecture") for entry in entries))


def architecture_note(groups: Mapping[str, list[Recorded]]) -> str:
    """What a page says of it: nothing to note, or in which way the recorded networks differ from those built now."""
    names = older(groups)
    if not names:
        return ("The recorded PhaseNetMag and MagnitudeNet have the published architecture: with the same weights they "
                "answer as the published code does.")
    return ("**Recorded with an earlier architecture** (" + ", ".join(names) + "): PhaseNetMag had the biases of its "
            "strided convolutions in the transposed ones and padded like TensorFlow, MagnitudeNet cut its deepest "
            "features one sample to the side. The networks built now, live ones included, agree with the published "
            "code exactly; `quakebook record magnitude` makes these results again.")
