"""Places and turns: who waits for something else leaves his place, and who comes beyond is turned away."""

from functools import partial

import pytest

from tests.support.together import fill, together
from tracker.gateways.places import NoTurn, Places, Turns


def test_a_place_that_is_left_is_another_s_meanwhile_and_is_taken_again() -> None:
    places = Places(2)
    with places.taken():
        with places.left():
            fill(places, 2)
        fill(places, 1)
    fill(places, 2)


def test_so_many_have_a_turn_and_of_one_fewer_and_who_is_done_is_forgotten() -> None:
    turns = Turns(3, of_one=2, wait_s=0.05)
    with turns.taken("a"), turns.taken("a"):
        with pytest.raises(NoTurn), turns.taken("a"):
            pass
        with turns.taken("b"), pytest.raises(NoTurn), turns.taken("c"):
            pass
    with turns.taken("c"), turns.taken("b"), turns.taken("c"):
        pass


def test_of_many_who_come_together_each_has_a_turn() -> None:
    turns = Turns(2, of_one=1, wait_s=30)

    def take(who: int) -> int:
        with turns.taken(who):
            return who

    assert together(*(partial(take, who) for who in range(12))) == list(range(12))
