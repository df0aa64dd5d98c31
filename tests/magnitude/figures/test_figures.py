"""What is drawn: points, bars, limits and labels of every figure."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from quakebook.magnitude import figures
from quakebook.magnitude.data.example import training_sample
from quakebook.magnitude.pages import amplitude_and_protocol, numbers, tables
from quakebook.magnitude.recorded import read as recorded
from quakebook.magnitude.scoring.pick_scores import WindowPicks

RNG = np.random.default_rng(0)
TRUE = RNG.uniform(0, 5, 80)
PREDICTED = TRUE + RNG.normal(0, 0.2, 80)
EXAMPLES = {"waveforms": RNG.normal(size=(5, 3, 3000)), "label": np.ones((5, 3000)), "predicted": np.ones((5, 3000))}


def points(figure):
    return sum(len(part.get_offsets()) for axes in figure.axes for part in axes.collections
               if hasattr(part, "get_offsets") and len(part.get_offsets()) > 1)


def test_histogram_counts_every_magnitude():
    magnitude = np.append(TRUE, [np.nan, -0.4, 9.5])
    figure = figures.magnitude_histogram(magnitude, {"ML": 82}, "made up")
    assert sum(bar.get_height() for bar in figure.axes[0].patches) == 82
    assert "ML 82" in figure.axes[0].get_title(loc="left") + figure.axes[0].get_title()


def test_generator_sample_shows_labels_and_step(splits):
    sample = training_sample(splits.train, 0)
    figure = figures.generator_sample(sample["waveforms"], sample["phases"], sample["magnitude"], "made up")
    curves = np.stack([line.get_ydata() for line in figure.axes[1].lines])
    assert curves.sum(0) == pytest.approx(np.ones(3001), abs=1e-5)
    assert figure.axes[2].lines[0].get_ydata().max() == pytest.approx(float(splits.train.magnitude[0]))


def test_scatter_has_one_point_a_record_and_is_square():
    figure = figures.prediction_scatter(TRUE, PREDICTED, "x")
    assert points(figure) == 80
    assert figure.axes[0].get_xlim() == figure.axes[0].get_ylim()
    assert points(figures.distribution_comparison(TRUE, PREDICTED, "x")) == 80
    assert points(figures.four_panels(TRUE, PREDICTED, "x")) == 160


def test_panels_state_the_scores_and_examples():
    figure = figures.six_panels(TRUE, PREDICTED, EXAMPLES, "x")
    titles = " ".join(axes.get_title(loc=where) for axes in figure.axes for where in ("left", "center"))
    assert "R2 = 0.98" in titles and "MAE = 0." in titles
    figures.six_panels(TRUE, PREDICTED, None, "scalar model")
    shown = figures.prediction_examples(EXAMPLES, "x")
    assert len(shown.axes) == 10


def test_history_marks_the_best_dev_loss():
    figure = figures.training_history([3.0, 2.0, 1.0], [3.5, 1.5, 2.5])
    assert [axes.get_yscale() for axes in figure.axes] == ["linear", "log"]
    assert any(np.all(np.asarray(line.get_ydata()) == 1.5) for line in figure.axes[0].lines)


def test_comparison_draws_one_bar_a_model():
    tree = {"scores": {"mae": 0.2, "rmse": 0.3, "r2": 0.9},
            "interval": {"mae": [0.1, 0.3], "rmse": [0.2, 0.4], "r2": [0.8, 0.95]}}
    figure = figures.comparison_bars({"a": tree, "b": tree}, {"a": (TRUE, PREDICTED)})
    assert [len(axes.patches) for axes in figure.axes[:3]] == [2, 2, 2]
    lines = figures.bias_against_magnitude({"a": (TRUE, PREDICTED), "b": (TRUE, TRUE)}).axes[0].lines
    assert np.allclose(lines[1].get_ydata(), 0)


def test_protocol_marks_the_floor():
    row = {"name": "m", "r2": 0.9, "mae": 0.2, "flattened_r2": 0.95, "flattened_mae": 0.1, "floor_r2": 0.5}
    figure = figures.protocol([row, row])
    assert [line.get_xdata() for line in figure.axes[0].lines][0] == pytest.approx([0.5, 0.5])


def test_residuals_leave_out_unlabelled_windows():
    picks = WindowPicks(np.array([0.9, 0.9, 0.1]), np.array([5.1, 3.0, 2.0]), np.array([5.0, np.nan, 2.0]))
    figure = figures.residual_histograms({"a": {"P": picks, "S": picks}})
    assert sum(bar.get_height() for bar in figure.axes[0].patches) == 1
    empty = WindowPicks(np.array([0.1]), np.array([1.0]), np.array([1.0]))
    figures.residual_histograms({"a": {"P": empty, "S": empty}})


def test_study_and_schedule_and_explorer():
    figure = figures.study_analysis([1.0, np.nan, 0.5], {}, [1e-3], [1.0, 0.5])
    assert "more than 10" in figure.axes[1].texts[0].get_text()
    assert len(figures.study_analysis([1.0], {"a": 0.3, "b": 0.7}, [1e-3], [1.0]).axes[1].patches) == 2
    figures.schedule_figure([1, 0.5], [1, 1], [1])
    frames, labels = figures.record_frames(EXAMPLES["waveforms"], np.arange(5.0), {"m": EXAMPLES["predicted"]},
                                           np.full(5, 5.0))
    assert len(frames) == len(labels) == 5
    plt.close("all")


def test_recorded_results_answer_the_chapters_questions():
    groups = recorded.by_name()
    found = numbers.recorded_metrics(groups)
    assert found["recorded.phasenet_mag-std-physical.mae"] <= 0.30
    assert found["recorded.amag_v2-light-physical.mae"] <= 0.45
    assert found["recorded.eqtransformer_mag-light-physical.mae"] <= 0.5 * found["recorded.constant.mae"]
    assert found["recorded.amplitude_ratio.std"] <= 0.8
    counts = found["recorded.phasenet_mag-std-counts.mae"]
    assert found["recorded.phasenet_mag-std-physical.mae"] < counts + 0.03
    assert all(row["flattened_r2"] > row["r2"] - 0.001 for row in numbers.protocol_rows(groups))
    for name in ("phasenet", "phasenet_lstm", "phasenet_conv_lstm"):
        assert found[f"recorded.{name}.P.f1"] > 0.5
        assert found[f"recorded.{name}.P.std_s"] < found[f"recorded.{name}.S.std_s"]
    cells = amplitude_and_protocol.ablation_cells(groups)
    assert len(figures.amplitude_ablation(cells).axes[0].patches) == len(cells)
    entry = groups["phasenet_mag-std-none"][0]
    assert {"device", "versions", "commit", "seconds", "seed", "settings"} <= set(entry.content)
    event = np.isfinite(entry.arrays["true"])
    floor = amplitude_and_protocol.simulated_floor(entry.arrays["true"][event], entry.arrays["onset_s"][event])
    assert floor == pytest.approx(entry.content["flattened"]["floor_r2"], abs=0.01)


def test_tables_of_models_and_results():
    models = tables.model_table().set_index("type")["parameters"]
    assert models["phasenet"] == 268_443 and len(models) == 6
    groups = recorded.by_name()
    phases = {name: entries for name, entries in groups.items() if entries[0].content["group"] == "phase"}
    assert len(tables.phase_table(phases)) == 2 * len(phases)
    text = tables.myst(tables.comparison_table({"richter": groups["richter"]}), "tab-x", "caption")
    assert text.startswith("```{table} caption\n:name: tab-x")
