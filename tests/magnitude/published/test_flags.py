"""Words and numbers of the command line, and the configuration that they make."""

import argparse

import pytest

from quakebook.magnitude.published import flags


@pytest.mark.parametrize(("words", "value"), [(("true", "1", "yes", "TRUE"), True),
                                              (("false", "0", "no", "No"), False)])
def test_words_that_switch(words, value):
    assert {flags._boolean(word) for word in words} == {value}
    for wrong in ("2", "", "maybe"):
        with pytest.raises(argparse.ArgumentTypeError, match=f"expected true or false, found '{wrong}'"):
            flags._boolean(wrong)


def test_zero_and_words_are_no_counts():
    assert (flags._at_least_one("1"), flags._not_negative("0")) == (1, 0)
    for reader, wrong in ((flags._at_least_one, "0"), (flags._at_least_one, "x"), (flags._not_negative, "-1"),
                          (flags._not_negative, "x")):
        with pytest.raises(argparse.ArgumentTypeError, match=f"whole number of at least [01], found '{wrong}'"):
            reader(wrong)


def made(*words):
    return list(flags.overrides(flags.make_parser().parse_args(words), "phasenet_mag"))


def test_amounts_without_a_preset_are_two_thousand_records_and_five_epochs():
    assert made() == ["network.type=phasenet_mag", "data.records=2000", "optimiser.epochs=5", "training.device=auto"]
    assert made("--preset", "smoke") == ["network.type=phasenet_mag", "training.device=auto"]
    real = made("--dataset", "STEAD", "--epochs", "7")
    assert real == ["network.type=phasenet_mag", "data.name='STEAD'", "data.records=0", "optimiser.epochs=7",
                    "training.device=auto"]
    assert "data.records=30" in made("--dataset", "STEAD", "--records", "30")


def test_any_spelling_of_synthetic():
    for word in ("SYNTHETIC", "synthetic", "Synthetic"):
        assert "data.records=2000" in made("--dataset", word) and "data.name" not in " ".join(made("--dataset", word))


def test_switches_are_off_and_flags_reach_their_settings():
    args = flags.make_parser().parse_args([])
    assert (args.plot, args.force, args.tune_inputs, args.device) == (False, False, False, "auto")
    assert not hasattr(args, "tune") and not hasattr(args, "lstm_bidirectional")
    line = ["--learning_rate", "0.1", "--batch_size", "3", "--optimizer", "SGD", "--readout", "max", "--seed", "4",
            "--output_scale", "3", "--magnitude_types", "ML,Md"]
    found = made(*line)
    for word in ("optimiser.lr=0.1", "data.batch_size=3", "optimiser.name='sgd'", "evaluation.readout=max",
                 "training.seed=4", "network.output_scale=3.0", "data.magnitude_types='ML,Md'"):
        assert word in found


@pytest.mark.parametrize(("words", "value"), [
    (["--lstm_bidirectional"], True), (["--lstm_bidirectional", "false"], False), (["--no-lstm_bidirectional"], False),
    (["--lstm_bidirectional", "yes"], True)])
def test_a_switch_of_a_network(words, value):
    assert flags.make_parser().parse_args(words).lstm_bidirectional is value
    assert f"network.lstm_bidirectional={str(value).lower()}" in made(*words)


def test_only_the_rate_of_the_records():
    assert flags.given_model_options(flags.make_parser().parse_args(["--sampling_rate", "100"])) == {
        "sampling_rate": 100.0}
    with pytest.raises(flags.ConfigError, match="can only be 100: .* found 50"):
        flags.given_model_options(flags.make_parser().parse_args(["--sampling_rate", "50"]))
