"""What is said of what leads and the office ask of other units 「协办」."""

from collections.abc import Mapping, Sequence
from datetime import date

from tracker.wording.endings import stayed_by
from tracker.wording.moments import inclusive
from tracker.wording.quoting import stopped

ASKED_STATES = {
    "open": "未反馈",
    "answered": "已反馈",
    "withdrawn": "协办已撤回",
    "decided": "督查室已协调",
    "ended": "协办已终止",
}
_INSTRUCTED = {**ASKED_STATES, "withdrawn": "领导不再等反馈", "ended": "批示反馈已终止"}
# What the end of a share means to others than its unit.
_OF_SHARES = frozenset({"share_released", "share_reassigned", "share_lowered"})
_NAMED = 4
# As much of an answer as a refusal repeats, in characters.
_SAID = 60


def ended_words(cause: str | None) -> str:
    """Say why nobody waits for an answer any more: 因事项办结."""
    return "因承办单位调整" if cause in _OF_SHARES else stayed_by([cause or ""])


def asked_state_words(state: str, *, instructed: bool, cause: str | None = None) -> str:
    """Say how a question stands with a unit: 未反馈, 协办已终止（因事项办结）."""
    words = (_INSTRUCTED if instructed else ASKED_STATES)[state]
    return f"{words}（{ended_words(cause)}）" if cause else words


def not_asked_words(facts: Mapping[str, object]) -> dict[str, object]:
    """Say of a refusal why there is nothing to answer, 已反馈、协办已撤回, and what was `said` by another already."""
    found: dict[str, object] = {}
    if "asked_states" in facts:
        instructed, states = bool(facts["instructed"]), str(facts["asked_states"]).split("、")
        found["over"] = "、".join(asked_state_words(state, instructed=instructed) for state in states)
    if "said" in facts:
        said = " ".join(str(facts["said"]).split())
        found["said"] = (f"{said[:_SAID]}……" if len(said) > _SAID else said).rstrip("。")
    return found


def asked_words(words: str, answer_by: date, *, today: date | None) -> str:
    """Say what is asked and until when: 请报10月项目数。11月2日（周三，含）前反馈。."""
    return f"{stopped(words)}{inclusive(answer_by, today=today)}前反馈。"


# What happens to an inquiry, said where it is a leader's writing: that is no 协办.
OF_INSTRUCTIONS = {
    "inquiry.reminded": "催批示反馈",
    "inquiry.answered": "领导批示反馈",
    "inquiry.ended": "批示反馈终止",
}
HASTE_NAMES = {"urgent": "急件", "ordinary": "一般", "standing": "长期"}


def haste_words(haste: str, *, workdays: int, until: str) -> str:
    """Say what a haste proposes: 急件（5个工作日，10月8日（周六，含）前）."""
    every = f"每{workdays}个工作日反馈一次，首次" if haste == "standing" else f"{workdays}个工作日，"
    return f"{HASTE_NAMES[haste]}：{every}{until}前"


def instructed_words(words: str, answer_by: date, *, given_by: str, given_on: date, recorded_by: str | None) -> str:
    """Say what a leader instructed: 张市长10月8日批示：请查明原因。10月14日（周五，含）前反馈。."""
    by = f"（{recorded_by}代录）" if recorded_by else ""
    said = asked_words(words, answer_by, today=None)
    return f"{given_by}{given_on.year}年{given_on.month}月{given_on.day}日批示{by}：{said}"


def told_instruction_words(facts: Mapping[str, object]) -> str:
    """Say what a leader instructed as its event tells it."""
    answer_by, given_on = (date.fromisoformat(str(facts[name])) for name in ("answer_by", "given_on"))
    recorded_by = str(facts["recorded_by"]) if facts.get("recorded_by") else None
    given_by = str(facts["given_by"])
    return instructed_words(
        str(facts["words"]), answer_by, given_by=given_by, given_on=given_on, recorded_by=recorded_by
    )


def standing_words(*, asked: int, answered: int, silent: Sequence[str]) -> str:
    """Say who has answered: 13个单位已反馈11个，还差泌阳县、市高新技术产业开发区."""
    return f"{asked}个单位已反馈{answered}个{_still_silent(silent)}"


def together_words(tasks: int, *, done: int, silent: Sequence[str]) -> str:
    """Say how an instruction on several tasks stands: 18项，已全部反馈2项，还差市商务局."""
    return f"{tasks}项，已全部反馈{done}项{_still_silent(silent)}"


def _still_silent(units: Sequence[str]) -> str:
    more = f"等{len(units)}个单位" if len(units) > _NAMED else ""
    return f"，还差{'、'.join(units[:_NAMED])}{more}" if units else ""


def quoted_answer(unit: str, words: str) -> str:
    """Write an answer into a report so that everybody sees whose word it is: 据遂平县反馈：….."""
    return f"据{unit}反馈：{stopped(words)}"


def silent_words(units: Sequence[str]) -> str:
    """Say in a report who was asked and silent: 泌阳县、市高新技术产业开发区未反馈。."""
    return f"{'、'.join(units)}未反馈。"


def together_subject(subject: str, tasks: int) -> str:
    """Say of how many tasks a message is that names the first: 领导批示：驻政办〔2022〕48号 二“稳外贸”等18项."""
    return f"{subject}等{tasks}项"
