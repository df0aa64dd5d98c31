"""What `quakebook scoreboard` prints, from verdicts made by hand."""

from types import SimpleNamespace

import pytest

from quakebook.commands import batch
from quakebook.publishing import scoreboard, verdicts


def judged(verdict, group):
    claim = SimpleNamespace(ours=group == verdicts.OWN, id=f"{verdict} {group}", published=0.5, bounds="± 0.1")
    return SimpleNamespace(claim=claim, verdict=verdict, group=group, data="–", answer=None, value=None, result=None)


@pytest.fixture
def printed(monkeypatch, capsys):
    """Status and printed lines for verdicts given as (verdict, group)."""
    def run(*pairs, preset="quick"):
        monkeypatch.setattr(scoreboard, "scoreboard", lambda papers, project, folder: [judged(*p) for p in pairs])
        status = batch.show_scoreboard(SimpleNamespace(paper=[], preset=preset))
        return status, capsys.readouterr().out.splitlines()
    return run


def test_each_group_is_counted_by_itself(printed):
    status, lines = printed(("reproduced", verdicts.TRAINED), ("reproduced", verdicts.TRAINED),
                            ("undecided", verdicts.TRAINED), ("passed", verdicts.OWN), ("undecided", verdicts.OWN))
    assert status == 0 and len(lines) == 5 + 4
    assert [" ".join(line.split()) for line in lines[5:]] == [
        "trained results: 2 reproduced, 1 undecided", "computed results: none", "architecture checks: none",
        "our own checks: 1 passed, 1 undecided"]


@pytest.mark.parametrize(("verdict", "status"), [("not reproduced", 3), ("failed", 3), ("other architecture", 3),
                                                 ("undecided", 0), ("not run here", 0)])
def test_a_number_outside_its_bounds_is_status_three(printed, verdict, status):
    assert printed((verdict, verdicts.TRAINED), ("reproduced", verdicts.TRAINED))[0] == status


def test_a_smoke_run_says_that_it_is_not_judged(printed):
    assert printed(preset="smoke")[1][0] == "the numbers of a smoke run mean nothing and are not judged"
