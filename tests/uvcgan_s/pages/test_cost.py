"""What the chapter trains at the quick preset fits the estimates that `quakebook list` prints.

Seconds a step are those of the recorded trainings on one core, which have the same networks and batches.
"""

from __future__ import annotations

from quakebook.project import find_project
from quakebook.publishing.profiles import load_profiles
from quakebook.training import recorded
from quakebook.uvcgan_s.studies import digits, toy

#: Seconds for the whole chapter on one core, and what page 1 spends beside its trainings: imports, figures, tables.
CHAPTER_S, BESIDE_S = 300, 25


def recorded_seconds(variant):
    """Of the seed that found its machine quiet, and the settings."""
    kept = [recorded.read("uvcgan_s", f"digits-{variant}-{seed}").facts for seed in (0, 1, 2)]
    return min(facts["seconds"] for facts in kept), kept[0]["settings"]


def seconds_a_step():
    """Of splitting sums, and of a whole step with critics."""
    seconds, settings = recorded_seconds("identity")
    split = seconds / settings["training"]["steps"]
    seconds, settings = recorded_seconds("full")
    warm, steps = settings["objective"]["warm_steps"], settings["training"]["steps"]
    return split, (seconds - warm * split) / (steps - warm)


def cost(settings):
    split, whole = seconds_a_step()
    warm = settings.objective.warm_steps if settings.objective.method == "full" else settings.training.steps
    return warm * split + (settings.training.steps - warm) * whole


def test_the_trainings_of_the_first_page_fit_its_estimate():
    estimate = load_profiles(find_project())["uvcgan_s/01_decomposition"].cost_s
    faces = sum(cost(toy.settings(method)) for method in toy.METHODS)
    for preset in ("quick", "paper"):
        live = sum(cost(digits.live(variant, preset=preset)) for variant in ("full", "identity"))
        assert live + faces + BESIDE_S <= estimate[preset], preset


def test_the_chapter_fits_five_minutes_of_one_core():
    entries = load_profiles(find_project())
    assert sum(entry.cost_s["quick"] for name, entry in entries.items() if name.startswith("uvcgan_s/")) <= CHAPTER_S
