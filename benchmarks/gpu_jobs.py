"""The jobs of `gpu.py`, in order of worth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    """One job.

    Attributes
    ----------
    name : str
        Of its results; those before the dot belong together.
    what : str
        For the reader of the table.
    function : str
        "module:function" in this folder, called with (device, tiny); or "record:CHAPTER:NAME", an entry of the
        chapter's plan of recorded results.
    estimate_s : float
        What it should take on one H100; a job that takes longer than what is left is not begun.
    limit_s : float
        It is stopped after this.
    alone : bool
        It has the GPU for itself.
    memory_gb : float
        GPU memory, for jobs that run together.
    """

    name: str
    what: str
    function: str
    estimate_s: float
    limit_s: float
    alone: bool = False
    memory_gb: float = 4.0


def _measured(name: str, what: str, function: str, estimate_s: float, limit_s: float = 120.0) -> Job:
    return Job(name, what, function, estimate_s, limit_s, alone=True)


def _recorded(chapter: str, entry: str, what: str, estimate_s: float, memory_gb: float = 4.0) -> Job:
    return Job(f"{chapter}.{entry.replace('/', '.')}", what, f"record:{chapter}:{entry}", estimate_s,
               4 * estimate_s + 60, memory_gb=memory_gb)


#: Tests, then step times, the shortest first. Seconds as on an H100, loading included.
MEASURED = (
    _measured("tests", "tests that need a GPU", "gpu_tests:run", 70, 150),
    _measured("steps.ceilings", "copy bandwidth and matrix rate", "gpu_steps:ceilings", 18),
    _measured("steps.synthetic", "synthetic records", "gpu_steps:synthetic", 18),
    _measured("steps.bugfinv", "BUGFInv backward, 10,000 x 64 x 3", "gpu_steps:bugfinv", 20),
    _measured("steps.annotation", "annotation of continuous data", "gpu_steps:annotation", 30),
    _measured("steps.gp2vec", "GP2Vec step at two frame rates", "gpu_steps:gp2vec", 60),
    _measured("steps.uvcgan_s", "UVCGAN-S step at batch 4", "gpu_steps:uvcgan_s", 60),
    _measured("steps.bluedisc", "BlueDisc step of 100 windows", "gpu_steps:bluedisc", 65),
    _measured("steps.bluedisc_compiled", "the same, networks compiled", "gpu_steps:bluedisc_compiled", 80),
)

#: Published recipe of BlueDisc, three seeds; GAN only last. Seconds of a training with two others beside it.
BLUEDISC = tuple(_recorded("bluedisc", f"paper/{mode}-{seed}", f"BlueDisc {mode}, published recipe, seed {seed}",
                           estimate_s, memory_gb=17)
                 for mode, estimate_s in (("bce", 150), ("hybrid", 230)) for seed in (42, 0, 1))
GAN = tuple(_recorded("bluedisc", f"paper/gan-{seed}", f"BlueDisc GAN only, published recipe, seed {seed}", 230, 17)
            for seed in (42, 0, 1))

#: Self-supervised pre-training, and what the page sets beside it; the tiny ones are those of the pages' live size.
GP2VEC = tuple(_recorded("gp2vec", f"{name}-{seed}", f"GP2Vec {name}, seed {seed}", estimate_s, memory_gb)
               for name, estimate_s, memory_gb in (("small-hz5", 125, 14), ("small-hz25", 180, 24), ("tiny", 60, 4))
               for seed in (0, 1, 2))

#: Unpaired decomposition of calorimeter images, digits and spectrograms.
UVCGAN_S = tuple(_recorded("uvcgan_s", f"{name}-{seed}", f"UVCGAN-S {name}, seed {seed}", estimate_s)
                 for seed in (0, 1, 2)
                 for name, estimate_s in (("jets-identity", 120), ("jets-full", 400), ("digits-full", 70),
                                          ("digits-identity", 25), ("digits-regression", 25), ("digits-paired", 25),
                                          ("seismic-full", 90), ("seismic-identity", 30)))

#: The six published models with the published settings.
MAGNITUDE = tuple(_recorded("magnitude", f"paper/{kind}-1", f"{kind}, published settings", 150, 8)
                  for kind in ("phasenet_mag", "eqtransformer_mag", "amag_v2", "phasenet", "phasenet_lstm",
                               "phasenet_conv_lstm"))

JOBS = MEASURED + BLUEDISC + GP2VEC + UVCGAN_S + MAGNITUDE + GAN
