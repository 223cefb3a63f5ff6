"""Which pages the top of every page offers to whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.domain.accounts import Role


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    endpoint: str
    name: str


_DOCUMENTS = (("documents.index", "文件"), ("circulars.index", "通报"))
_OVERDUE = ("overdue.show", "逾期")
_PROJECTS = ("projects.index", "重点项目")
_DUE = ("due.show", "到期日历")
_BOX = ("boxes.show", "佐证箱")
_LEDGER, _OWN_LEDGER = ("task_ledger.show", "台账"), ("task_ledger.show", "本单位台账")
_NOTICES = ("notices.show", "消息")
# Shown only to whoever hands something in for an evaluation, is evaluated, or oversees it.
_EVALUATION = ("scoring.index", "月度考评")
_NAVIGATION: Mapping[Role, tuple[tuple[str, str], ...]] = {
    Role.LIAISON: (
        ("today.show", "今天"),
        _OWN_LEDGER,
        _OVERDUE,
        _DUE,
        _BOX,
        _PROJECTS,
        _EVALUATION,
        _NOTICES,
        *_DOCUMENTS,
    ),
    Role.UNIT_HEAD: (
        ("sign_off.queue", "待我审签"),
        _OWN_LEDGER,
        _OVERDUE,
        _DUE,
        _BOX,
        _PROJECTS,
        _EVALUATION,
        _NOTICES,
        *_DOCUMENTS,
    ),
    Role.SUPERVISOR: (
        ("desk.show", "督查台"),
        ("review.queue", "审核队列"),
        ("instructions.index", "领导批示"),
        _LEDGER,
        ("overview.show", "全貌"),
        _OVERDUE,
        _DUE,
        _PROJECTS,
        _EVALUATION,
        _NOTICES,
        ("questions.index", "待明确"),
        ("reminders.show", "提醒台账"),
        ("units.index", "单位"),
        ("calendar.show", "工作日历"),
        *_DOCUMENTS,
    ),
    Role.LEADER: (
        ("leader.show", "一页"),
        ("review.leader", "待我批"),
        ("instructions.index", "批示"),
        _LEDGER,
        ("overview.show", "全貌"),
        _OVERDUE,
        _DUE,
        _PROJECTS,
        _EVALUATION,
        *_DOCUMENTS,
    ),
    Role.READER: tuple(reversed(_DOCUMENTS)),
    Role.SYSTEM_ADMIN: (("accounts.index", "账号管理"),),
    Role.SECURITY_ADMIN: (("granting.index", "授权管理"),),
    Role.AUDIT_ADMIN: (("audit.show", "审计"),),
    Role.PENDING: (),
}


def navigation_for(role: Role, *, evaluates: bool, projects: bool) -> list[NavigationEntry]:
    """Return the pages for a role; those of the evaluation and of projects only for whom they are any business."""
    hidden = {*(() if evaluates else (_EVALUATION,)), *(() if projects else (_PROJECTS,))}
    return [NavigationEntry(*entry) for entry in _NAVIGATION[role] if entry not in hidden]
