"""Signs that a notebook ran to its end, one by one."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from quakebook.publishing.executed import key_of, problems


def book(*cells, **facts):
    made = new_notebook(cells=[new_markdown_cell("text"), *cells])
    made.metadata["papermill"] = {"exception": None, "version": "2"} | facts
    made.metadata["quakebook"] = {"key": "k"}
    return made


def ran(source="x", count=1, *outputs):
    return new_code_cell(source, execution_count=count, outputs=list(outputs))


def test_a_whole_notebook():
    whole = book(ran(), ran("  \n", None), ran("y", 2, new_output("stream", text="z")))
    assert problems(whole) == [] and key_of(whole) == "k" and key_of(new_notebook()) is None


@pytest.mark.parametrize(("made", "said"), [
    (new_notebook(), ["was not run by the batch"]), (book(exception=True), ["stopped with an exception"]),
    (book(ran("x", None)), ["cell 2 was not executed"]), (book(ran(), ran("y", None)), ["cell 3 was not executed"]),
    (book(ran("x", 1, new_output("error", ename="E", evalue="no"))), ["cell 2 failed: E: no"]),
    (book(new_markdown_cell("x", metadata={"tags": ["papermill-error-cell-tag"]})), ["cell 2 marks an error"]),
    (book(ran("x", None), exception=True), ["stopped with an exception", "cell 2 was not executed"])])
def test_what_speaks_against_it(made, said):
    assert problems(made) == said
