"""The words of the ledger of tasks 「台账」: who holds the ball, what may be chosen, what a column is called."""

from datetime import date

from tracker.domain.courts import Court, Holder
from tracker.wording.codes import OFFICE_NAME
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
    """Say who holds the ball: 督查室, 市商务局联络员, 已了结."""
    if court.unit is None:
        return HOLDER_NAMES[court.holder]
    return f"{court.unit}{'负责人' if court.holder is Holder.HEAD else '联络员'}"


def since_words(court: Court, *, today: date, on: date | None) -> str:
    """Say since when, by the day of `court.since`: 自10月26日; empty where nobody noted it."""
    return f"自{month_day(on, today=today)}" if on is not None and court.since is not None else ""
