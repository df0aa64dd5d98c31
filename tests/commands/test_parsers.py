"""Words of a list may stand behind options."""

import pytest

from quakebook import cli
from quakebook.commands.parsers import parse


def test_settings_behind_options():
    args = parse(cli.parser(), ["train", "bluedisc", "a=1", "--seed", "3", "preset=smoke", "--dry-run", "b=2"])
    assert (args.settings, args.seed, args.dry_run) == (["a=1", "preset=smoke", "b=2"], 3, True)


def test_names_behind_options():
    assert parse(cli.parser(), ["record", "bluedisc", "--list", "sweep/*"]).names == ["sweep/*"]
    assert parse(cli.parser(), ["reproduce", "bluedisc", "--dry-run", "magnitude"]).paper == ["bluedisc", "magnitude"]


@pytest.mark.parametrize("words", [["train", "bluedisc", "--sed", "3"], ["doctor", "more"], ["evaluate", "a", "b"]])
def test_what_is_unknown_is_refused(words, capsys):
    assert cli.main(words) == 2
    assert "unrecognized arguments" in capsys.readouterr().err


def test_seed_before_preset_on_the_command_line(capsys):
    assert cli.main(["train", "bluedisc", "--dry-run", "--seed", "3", "preset=smoke"]) == 0
    assert "seed: 3" in capsys.readouterr().out
