"""What a paper of the office is called in a message, and what it asks of a unit."""

from collections.abc import Iterable, Mapping
from datetime import date

from tracker.domain.quoting import titled
from tracker.wording.codes import CIRCULAR_NAMES
from tracker.wording.moments import inclusive

# What each type asks of a unit that hears of it, and of which answer it names the day; papers to the leaders tell none.
PAPER_ASKS: Mapping[str, tuple[str, str]] = {
    "supervision": ("通报涉及本单位承办的事项，请对照要求办理", "逾期的反馈请于{day}前补报，说明原因和下步措施"),
    "notice": ("请对照附件逐项落实，明确措施、时限和责任人", "逾期的反馈请于{day}前补报或者补正"),
    "urge": (
        "本单位的反馈已经逾期，请抓紧办理",
        "请于{day}前将进展情况、佐证材料和逾期原因经单位负责人审签后报督查室",
    ),
    "assignment": ("请对照附件逐项签收办理，按所列频次报送", "请于{day}前答复"),
    "breakdown": ("请对照任务分解表细化措施，按职责分工落实", "请于{day}前答复"),
    "rectification": ("请按附件所列期限逐项整改", "请于{day}前将整改情况、未按期报送的原因书面报督查室"),
    "ranking": ("通报了月度考评得分和排名，请对照附件核对本单位的得分", "请于{day}前答复"),
}

# Where something stands in a paper.
PLACES: Mapping[str, str] = {
    "title": "标题",
    "addressees": "主送",
    "copies": "抄送",
    "note": "附注",
    "urgency": "紧急程度",
    "reason": "更正原因",
}


def paragraph_place(number: int) -> str:
    """Say which paragraph is meant, as the page numbers them."""
    return f"第{number}段"


def paper_name(kind: str, *, number: str, title: str) -> str:
    """Name a paper by its type, number and title: 催办单 驻政办函〔2022〕3号《…》."""
    return f"{CIRCULAR_NAMES[kind]} {number}{titled(title)}"


def cited_number(number: str, *, series: str, year: int | None) -> str:
    """Write a number as another paper cites it: of a brief with series and year, for each has a 第1期 every year."""
    return f"{titled(series)}{year}年{number}" if number.startswith("第") and year else number


def paper_said(kind: str, words: Iterable[str]) -> str:
    """Write what a paper says as one text, the name of its type first, for whoever looks for it."""
    return "\n".join((CIRCULAR_NAMES[kind], *words))


def paper_asks(kind: str, *, answer_on: date | None, corrects: bool = False, answered: bool = False) -> str:
    """Say what a paper asks, and until when, that day included, where it names a day.

    One that `corrects` another tells nothing of how the work stood when that was issued: it may be done since.
    `answered` of a correction to whoever answered its original, which asks as much.
    """
    asked, answer = PAPER_ASKS[kind]
    asked = "请对照更正后的内容办理" if corrects else asked
    if answered:
        return "对原件的答复继续有效，请签收本件，不用另行答复。"
    by = answer.format(day=inclusive(answer_on, today=None)) if answer_on is not None else ""
    return "；".join(part for part in (asked, by) if part) + "。"
