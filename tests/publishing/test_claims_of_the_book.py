"""The book's own claim files and headlines: readable, and consistent with each other."""

from pathlib import Path

import pytest
import yaml

from quakebook.project import Project
from quakebook.publishing.claim_file import load, papers
from quakebook.publishing.headlines import KEYS

PROJECT = Project(Path(__file__).resolve().parents[2])
HEADLINES = yaml.safe_load((PROJECT.book / "headlines.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("paper", papers(PROJECT))
def test_every_file_is_readable_and_no_check_of_ours_looks_published(paper):
    for claim in load(paper, PROJECT):
        own = claim.where.startswith(("not in ", "derived ", "own ", "our "))
        assert claim.ours or not own, f"{claim.id}: a check of ours must say ours: true"


@pytest.mark.parametrize("entry", HEADLINES, ids=[entry["page"] for entry in HEADLINES])
def test_headlines_name_pages_and_claims_that_exist(entry):
    assert set(entry) <= set(KEYS)
    assert (PROJECT.notebooks / f"{entry['page']}.py").is_file()
    known = {claim.id for claim in load(entry["page"].split("/")[0], PROJECT)} if entry.get("claims") else set()
    assert set(entry.get("claims", [])) <= known
    text = (PROJECT.notebooks / f"{entry['page']}.py").read_text(encoding="utf-8")
    assert "figure" not in entry or f'"{entry["figure"]}"' in text


def test_the_front_page_has_three_to_five_headlines_or_one_a_chapter():
    front = [entry for entry in HEADLINES if entry.get("front")]
    assert 3 <= len(front) <= 5 + len(papers(PROJECT))
