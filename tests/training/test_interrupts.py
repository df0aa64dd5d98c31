"""The first signal raises a flag, the second acts; several processes leave together."""

import signal
from types import SimpleNamespace

import pytest
import torch

from quakebook.training.interrupts import Interrupts


@pytest.mark.parametrize(("number", "kind", "code"), [
    (signal.SIGINT, KeyboardInterrupt, None), (signal.SIGTERM, SystemExit, 128 + 15)])
def test_the_first_signal_is_a_flag(number, kind, code):
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    with Interrupts() as caught:
        assert caught.caught is None and signal.getsignal(number) != before[number]
        signal.raise_signal(number)
        assert caught.caught == number
        assert {each: signal.getsignal(each) for each in before} == before, "the second one acts at once"
        with pytest.raises(kind) as error:
            caught.leave()
        assert code is None or error.value.code == code
    assert {each: signal.getsignal(each) for each in before} == before


def test_without_a_signal_it_ends_like_one_of_a_scheduler():
    with pytest.raises(SystemExit) as error:
        Interrupts().leave()
    assert error.value.code == 143


def test_handlers_are_put_back_without_a_signal():
    before = signal.getsignal(signal.SIGTERM)
    with Interrupts():
        pass
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize(("size", "caught", "due", "others", "leaves"), [
    (1, None, True, 0, False), (1, 2, False, 0, True), (2, 2, False, 0, False), (2, None, False, 1, False),
    (2, None, True, 0, False), (2, None, True, 1, True), (2, 2, True, 0, True)])
def test_processes_agree_when_it_is_due(size, caught, due, others, leaves):
    """`others`: how many of the others have caught a signal; they are asked when it is due only."""
    asked = []

    def all_reduce(flag, reduce_op):
        asked.append(reduce_op)
        return flag + torch.tensor(float(others))

    waiting = Interrupts()
    waiting.caught = caught
    assert waiting.agreed(SimpleNamespace(world_size=size, all_reduce=all_reduce), due) is leaves
    assert asked == (["sum"] if size > 1 and due else [])
