"""The words of the ledger of tasks 「台账」: who holds the ball, what may be chosen, what a column is called."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from tracker.domain.courts import MOST_NAMED, Court, Holder
from tracker.wording.codes import OFFICE_NAME
from tracker.wording.moments import due_words
from tracker.wording.work import month_day

HOLDER_NAMES: dict[Holder, str] = {
    Holder.OFFICE: OFFICE_NAME,
    Holder.LEADER: "市领导",
    Holder.HEAD: "牵头单位负责人",
    Holder.LIAISON: "牵头单位联络员",
    Holder.EVENT: "待事件触发",
    Holder.PAUSED: "已中止",
    Holder.ENDED: "已了结",
}
ROLE_NAMES = {"lead": "牵头", "support": "配合"}
LIGHT_CHOICES = {"red": "红 逾期", "yellow": "黄 预警", "green": "绿 正常", "blue": "蓝 办结", "grey": "灰 未启动"}
TERM_NAMES = {"today": "今日到期", "week": "本周到期", "next_week": "下周到期"}
RECEIPT_CHOICES = {"open": "未签收", "late": "已过签收时限"}
MOST_UNSIGNED = 3
COLUMN_NAMES = {
    "lead": "牵头",
    "basis": "责任类别",
    "work": "办理情况",
    "lights": "时限灯、进度灯",
    "court": "球在谁手里",
    "fact": "最近一条实事",
    "due": "应报",
    "deadline": "办结时限",
    "rhythm": "频次",
}


def court_words(court: Court) -> str:
    """Say who holds the ball: 督查室, 市商务局联络员, 已了结; of leads that stand alike each, or how many there are."""
    named = list(dict.fromkeys(map(_one_court, court.every)))
    return leads_words(named)


def _one_court(court: Court) -> str:
    if court.unit is None:
        return HOLDER_NAMES[court.holder]
    return f"{court.unit}{'负责人' if court.holder is Holder.HEAD else '联络员'}"


def leads_words(names: Sequence[str]) -> str:
    """Name those of several leads of whom something is said: each, or how many they are."""
    return "、".join(names) if len(names) <= MOST_NAMED else f"牵头单位{len(names)}家"


def since_words(court: Court, *, today: date) -> str:
    """Say since when: 自10月26日; empty where nobody noted it, or of those that hold the ball each on another day."""
    return f"自{month_day(court.since_day, today=today)}" if court.since_day is not None else ""


def unsigned_words(units: Mapping[str, datetime], *, today: date, most: int | None = MOST_UNSIGNED) -> str:
    """Say which units have not signed for their shares, and by when the first was to; empty where all have.

    E.g. 未签收：市商务局、市统计局等5家，最早应于10月13日（周四，含）前签收. `most` are named, all where it is None.
    """
    if not units:
        return ""
    names = list(units)
    more = f"等{len(names)}家" if most is not None and len(names) > most else ""
    several = "最早" if len(set(units.values())) > 1 else ""
    due = due_words(min(units.values()), today=today)
    return f"未签收：{'、'.join(names[:most])}{more}，{several}应于{due}前签收"
