"""Tables and numbers of the pages: means, deviations, digits and counts worked by hand."""

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.bugfinv import InversionNetwork
from quakebook.bugfinv.pages import ablation, forward_model_and_data, inversion, real_model
from quakebook.bugfinv.recorded import read as recorded


def scores(column="nrmse.overall", **errors):
    return pd.DataFrame([{"name": f"{m}-seed{k}", "method": m, "heads": h, "seed": k, column: e}
                         for key, values in errors.items() for m, h in [key.split("__")] for k, e in enumerate(values)])


@pytest.fixture
def tables(monkeypatch):
    kept = {}
    monkeypatch.setattr(recorded, "score_table", lambda family, part="all", where=None: kept.get(family,
                                                                                                 pd.DataFrame()))
    return kept


def test_numbers_of_the_nash_paper():
    """Marmousi2, as printed: PCC, R2, SSIM of Vp, Vs, density."""
    assert inversion.NASH_MARMOUSI2 == {"Vp": (0.9907, 0.9689, 0.9097), "Vs": (0.9906, 0.9673, 0.8917),
                                        "rho": (0.9792, 0.9447, 0.9110)}
    assert list(inversion.NORMAL) == pytest.approx([0.6827, 0.9545], abs=6e-4) and real_model.ORIGINAL_KM == (17.0, 3.5)


def test_the_readme_table_has_a_row_a_method():
    table = inversion.readme_table().set_index("method")
    assert table.loc["L-BFGS"].tolist() == ["0.9768", "0.9438", "0.7967", "0.1054"]
    assert table.loc["BUGFInv", "NRMSE (overall)"] == "0.0348" and table.loc["Nash", "R² (Vs)"] == "0.9840"


def test_shares_are_averaged_over_the_seeds(monkeypatch):
    """1 and 3 have mean 2 and deviation sqrt 2; one seed has deviation 0."""
    runs = [{"scores": {"shares.seed0.share.sd": 1.0, "shares.seed0.one": 5.0}},
            {"scores": {"shares.seed1.share.sd": 3.0}}]
    monkeypatch.setattr(recorded, "runs", lambda family, where=None: runs)
    assert ablation.share_metrics() == {"share.sd": pytest.approx((2.0, 2**0.5)), "one": (5.0, 0.0)}


def test_every_number_of_the_sentence_on_shares():
    values = {"share.sd": 0.12, "share.over_half": 0.34, "sign_conflict": 0.56, "cosine.features": 0.78,
              "cosine.encoder": 0.9, "share.residual_smallest": 0.4, "share.residual_largest": 0.2}
    text = ablation.share_sentences({key: (value, 0.0) for key, value in values.items()})
    for part in ("features is 0.12", "in 34% of the entries", "in 56% the expected gradients", "is 0.78 at",
                 "0.90 in the encoder", "0.20 against 0.40"):
        assert part in text


def test_a_family_table_is_sorted_by_its_mean(tables):
    tables["start"] = scores(cw__trained=[0.3, 0.5], nash__trained=[0.1]).assign(
        name=["cw-warm-seed0", "cw-warm-seed1", "nash-seed0"])
    table = ablation.family_table("start")
    assert table.training.tolist() == ["Nash", "CW, ten plain steps first"] and table.seeds.tolist() == [1, 2]
    assert table["NRMSE (overall)"].tolist() == ["0.1000", "0.4000 ± 0.1414"]


def test_tuned_rates_are_sorted_and_carry_their_deviation(monkeypatch):
    table = pd.DataFrame({"method": ["cw", "nash"], "heads": ["posterior", "trained"], "rate": [0.003, 0.01],
                          "at_edge": [False, True], "searched": [2, 1], "seeds": [2, 1],
                          "errors": [pd.Series([0.2, 0.4]), pd.Series([0.1])]})
    monkeypatch.setattr(ablation, "rates_table", lambda: table)
    shown = ablation.tuned_table()
    assert shown.method.tolist() == ["Nash", "CW"] and shown["learning rate"].tolist() == ["0.01 (edge)", "0.003"]
    assert shown["NRMSE (overall), blind traces"].tolist() == ["0.1000", "0.3000 ± 0.1414"]
    assert shown["seeds searched"].tolist() == [1, 2]
    assert ablation.tuned_scores(table)["nrmse.overall"].tolist() == [0.2, 0.4, 0.1]


def test_log_and_sections_of_recorded_runs(monkeypatch):
    kept = {"log.step": np.arange(3), "log.loss.Vp": np.ones(3), "section.trained": np.zeros(1),
            "section.posterior": np.ones(1)}
    asked = []
    monkeypatch.setattr(recorded, "arrays", lambda family, name: asked.append((family, name)) or kept)
    assert list(inversion.log_of("synthetic", "cw-seed0")) == ["step", "loss.Vp"]
    found = inversion.recorded_sections("synthetic", {"initial": "trained", "cw": "posterior"})
    assert {name: section[0] for name, section in found.items()} == {"initial model": 0.0, "CW, posterior heads": 1.0}
    assert asked[1:] == [("synthetic", "initial-seed0"), ("synthetic", "cw-seed0")]


def test_axis_and_value_of_the_robustness_are_read_off_the_name(tables):
    tables["robustness"] = scores(cw__trained=[0.1, 0.2]).assign(name=["cw-snr_db5", "cw-n_wells24"])
    table = inversion.robustness_table()
    assert table.axis.tolist() == ["snr_db", "n_wells"] and table.value.tolist() == [5.0, 24.0]


def test_lengths_take_each_set_with_its_own_method(tables):
    tables["synthetic"] = scores(cw__trained=[0.1, 0.3], cw__posterior=[0.2, 0.2], nash__trained=[0.4],
                                 nash__posterior=[0.5])
    tables["unit"] = scores(cw__trained=[0.6], cw__posterior=[0.7])
    table = inversion.length_table().set_index("training")
    assert table["trained heads"].tolist() == ["0.2000 ± 0.1414", "–", "0.6000", "0.4000", "–"]
    assert table["posterior heads"].tolist() == ["0.2000 ± 0.0000", "–", "0.7000", "0.5000", "–"]
    assert table.seeds.tolist() == [2, 0, 1, 1, 0]


def test_the_headline_names_the_best_last_and_counts_seeds():
    table = pd.DataFrame([{"method": m, "heads": h, "seed": s, "pcc.Vp": e + 0.1, "r2.Vs": e + 0.2, "ssim.rho": e + 0.3,
                           "nrmse.overall": e} for m, h, values in (("cw", "trained", (0.2, 0.4)),
                                                                    ("lbfgs", "trained", (0.5,))) for s, e in
                          enumerate(values)])
    shown = inversion.headline_table(table)
    assert shown.method.tolist() == ["L-BFGS", "CW"] and shown["heads"].tolist() == ["–", "trained"]
    assert shown["PCC (Vp)"].tolist() == ["0.6000", "0.4000 ± 0.1414"] and shown.seeds.tolist() == [1, 2]
    assert shown["SSIM (ρ)"].tolist()[0] == "0.8000" and shown["NRMSE (overall)"].tolist()[1] == "0.3000 ± 0.1414"


@pytest.mark.parametrize(("inside", "said"), [(0.74, "too wide"), (0.72, "of the right width"),
                                              (0.64, "of the right width"), (0.62, "too narrow")])
def test_a_width_is_judged_with_five_hundredths(inside, said):
    values = {f"calibration.{what}.{key}": number for key in ("Vp", "Vs", "rho")
              for what, number in (("within1sd", inside), ("within2sd", 0.91), ("spearman", 0.23))}
    first, _, last = inversion.calibration_sentences(values, np.ones((2, 3, 2))).splitlines()
    assert said in first and f"one deviation holds {inside:.0%}" in first and "two hold 91%" in first
    assert "68% and 95%" in first and "absolute error is 0.23" in first and last.startswith("* **Density**")


def test_marmousi2_beside_the_paper(tables):
    """Nash twice (mean 0.5), BUGFInv with both heads, the others absent."""
    rows = [{"method": m, "heads": h, **{f"{s}.{k}": v + i / 10 for i, s in enumerate(("pcc", "r2", "ssim"))
                                         for k in ("Vp", "Vs", "rho")}}
            for m, h, v in (("nash", "trained", 0.4), ("nash", "trained", 0.6), ("bugfinv", "trained", 0.1),
                            ("bugfinv", "posterior", 0.2))]
    tables["marmousi2"] = pd.DataFrame(rows)
    table = real_model.marmousi2_table()
    assert table.score.tolist()[:4] == ["PCC (Vp)", "R² (Vp)", "SSIM (Vp)", "PCC (Vs)"] and len(table) == 9
    assert table.score.tolist()[-1] == "SSIM (ρ)" and table["Nash paper"].tolist()[:3] == ["0.9907", "0.9689", "0.9097"]
    assert table["Nash"].tolist()[:3] == ["0.5000", "0.6000", "0.7000"] and set(table["CW"]) == {"–"}
    assert table["BUGFInv, trained"].tolist()[0] == "0.1000" and table["BUGFInv, posterior"].tolist()[1] == "0.3000"
    tables.clear()
    assert set(real_model.marmousi2_table()["Nash"]) == {"–"}


def test_notes_are_those_of_the_first_run(monkeypatch):
    monkeypatch.setattr(recorded, "runs", lambda family, where=None: [{"notes": ["a", "b"]}, {"notes": ["c"]}])
    assert real_model.notes() == ["a", "b"]


def test_the_extent_counts_traces_and_gaps_between_depths():
    """11 traces 500 m apart stand for 5.5 km, 5 depths for 2 km."""
    text = real_model.extent_sentence(["data.file_shape=[11,5]", "data.dz_m=500"])
    assert "11 traces of 5 samples, 500 m apart: 5.5 km x 2 km of the original's 17 km x 3.5 km" in text


def test_numbers_of_the_forward_model(tiny_survey, tiny_model):
    """a, b, c at 30 degrees: 1 + tan^2 = 4/3, -8/4 sin^2 = -1/2, 1 - sin^2 = 3/4; a wavelet of 0.2 s at 1 ms."""
    found = forward_model_and_data.forward_metrics(tiny_survey, tiny_model)
    assert [found[f"forward.{k}30"] for k in "abc"] == pytest.approx([4 / 3, -0.5, 0.75], abs=1e-5)
    assert found["forward.ormsby_minimum"] == pytest.approx(-0.3417, abs=1e-4)
    assert found["forward.wavelet_samples"] == 201
    assert found["forward.weakest"] == pytest.approx(0.012, abs=6e-4) and found["forward.tanh_error"] < 1e-13
    assert found["network.parameters"] == 1_497_483 and found["network.receptive_field"] == 251
    vp, vs, rho = (x.ravel().astype(float) for x in (tiny_model.vp, tiny_model.vs, tiny_model.rho))
    assert found["model.vp_vs_correlation"] == pytest.approx(np.corrcoef(vp, vs)[0, 1], rel=1e-5)
    assert found["model.vp_rho_correlation"] == pytest.approx(np.corrcoef(vp, rho)[0, 1], rel=1e-5)
    assert found["model.smallest_vp_vs"] == pytest.approx((vp / vs).min())


def test_the_error_of_the_tanh_form_sees_a_wrong_form(monkeypatch):
    """With the plain half difference in its place the error is that of x - tanh x."""
    log = [torch.tensor([1.0, 2.0], dtype=torch.float64)] * 3
    monkeypatch.setattr(forward_model_and_data, "forward_model", lambda *logs, wavelet: torch.zeros(6, 2))
    a, b, c = (torch.tensor(x) for x in ((1.007660, 1.031079, 1.071797, 1.132502, 1.217406, 1.333335),
                                         (-0.015204, -0.060285, -0.133975, -0.233999, -0.357163, -0.500002),
                                         (0.992398, 0.969858, 0.933012, 0.883000, 0.821419, 0.749999)))
    ratio = (2 ** (a + b + c) - 1) / (2 ** (a + b + c) + 1)
    assert forward_model_and_data.tanh_error(*log) == pytest.approx(float(ratio.max()), rel=1e-5)


def test_layers_are_counted_on_the_network():
    """Two weight-normalised convolutions of 9 from 6 to 4: 6*9*4 + 4 + 4, 4*9*4 + 4 + 4, skip 6*4 + 4."""
    network = InversionNetwork(6, (4,) * 4, (5,) * 4)
    table = forward_model_and_data.layer_table(network).set_index("stage")
    assert table.parameters["TCN block 1"] == 224 + 152 + 28 and table.parameters["TCN block 2"] == 2 * 152
    assert table.parameters["regression 1"] == 4 * 5 * 5 + 5 + 10 and table.parameters["heads"] == 18
    assert table.parameters["total"] == sum(p.numel() for p in network.parameters())
    assert table.output["TCN block 4"] == "[B, 4, T]" and table.output["regression 4"] == "[B, 5, T]"
