"""What of somebody's words a draft made anew takes over, and where."""

from collections.abc import Sequence

from tracker.domain.circulars.paragraphs import Paragraph
from tracker.domain.circulars.redrafts import Carried, carry_over

_HEADING = (1, "一、办理情况")
_ALL = (0, "全部事项{total}项，已办结{done}项。")
_LATE = (0, "迟报{late}期，请有关单位按时报送。")
_END = (0, "以上情况，请认真研究整改。")
_BY_HAND = Paragraph(0, "前期手续正在办理。", ("驻政办〔2022〕48号三（一）1",))


def _carried(kept: Sequence[Paragraph], fresh: Sequence[tuple[int, str]], *, stands: bool = True) -> Carried:
    return carry_over(kept, (_HEADING, _ALL, _LATE, _END), fresh, may_stand=lambda _one: stands)


def _kept(*told: tuple[int, str] | Paragraph) -> list[Paragraph]:
    return [one if isinstance(one, Paragraph) else Paragraph(*one) for one in told]


def test_a_reworded_sentence_takes_the_place_of_its_own_where_the_template_says_that_still() -> None:
    reworded = Paragraph(0, "本月迟报{late}期，请有关单位今后按时报送。")
    kept = _kept(_HEADING, _ALL, reworded, _END)
    made = _carried(kept, (_HEADING, _ALL, _LATE, _END))
    assert (made.text, made.left_behind) == (kept, [])
    made = _carried(kept, (_HEADING, _ALL, _END))
    assert (made.text, made.left_behind) == (_kept(_HEADING, _ALL, _END), [reworded])
    made = _carried(kept, (_HEADING, _ALL, _LATE, _END), stands=False)
    assert (made.text, made.left_behind) == (_kept(_HEADING, _ALL, _LATE, _END), [reworded])


def test_what_is_written_by_hand_follows_what_it_followed_or_what_is_left_of_that() -> None:
    kept = _kept(_BY_HAND, _HEADING, _LATE, _BY_HAND, _END)
    assert _carried(kept, (_HEADING, _LATE, _END)).text == kept
    assert _carried(kept, (_HEADING, _END)).text == _kept(_BY_HAND, _HEADING, _BY_HAND, _END)
    assert _carried(kept, (_END,)).text == _kept(_BY_HAND, _BY_HAND, _END)
    assert _carried(kept, (_HEADING, _END), stands=False).left_behind == [_BY_HAND, _BY_HAND]


def test_what_was_left_out_or_moved_comes_as_the_template_has_it() -> None:
    assert _carried(_kept(_END, _HEADING), (_HEADING, _ALL, _END)).text == _kept(_HEADING, _ALL, _END)


def test_a_sentence_that_names_somebody_is_served_anew_and_neither_said_nor_left_beside() -> None:
    naming = Paragraph(0, "对{naming_x}予以通报批评。")
    made = _carried(_kept(_HEADING, naming, _END), (_HEADING, _END))
    assert (made.text, made.left_behind) == (_kept(_HEADING, _END), [])
