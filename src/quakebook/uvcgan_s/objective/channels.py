"""Which objectives the channels of three domains allow."""

from __future__ import annotations

from quakebook.training.config import ConfigError

from ..settings import ObjectiveConfig, Shapes


def refuse_channels(objective: ObjectiveConfig, shapes: Shapes) -> None:
    """Refuse objectives that add or fill in images of unlike channel counts.

    Raises
    ------
    ConfigError
        Sums a0 + a1 and flows need three equal counts, the identity (b, 0) equal counts of A0 and B.
    """
    a0, a1, b = (shape[0] for shape in shapes)
    sums = objective.method in ("identity", "regression") or objective.method == "full" and objective.identity_aa > 0
    if sums and not a0 == a1 == b:
        raise ConfigError(f"sums of A0 and A1 need images with as many channels as B; found {a0}, {a1} and {b} (with "
                          "objective.identity_aa=0 no sums are used)")
    if objective.method == "flow" and not a0 == a1 == b:
        raise ConfigError(f"method flow needs images with as many channels as B; found {a0}, {a1} and {b}")
    if objective.method == "full" and objective.identity_bb and a0 != b:
        raise ConfigError(f"`objective.identity_bb` needs as many channels in A0 as in B; found {a0} and {b}")
