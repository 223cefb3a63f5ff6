"""What stands in the head of each page, by role."""

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
_NAVIGATION = {
    Role.LIAISON: (("today.show", "今天"), _OWN_LEDGER, _OVERDUE, _DUE, _BOX, _PROJECTS, _NOTICES, *_DOCUMENTS),
    Role.UNIT_HEAD: (
        ("sign_off.queue", "待我审签"),
        _OWN_LEDGER,
        _OVERDUE,
        _DUE,
        _BOX,
        _PROJECTS,
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
        *_DOCUMENTS,
    ),
    Role.READER: tuple(reversed(_DOCUMENTS)),
    Role.SYSTEM_ADMIN: (("accounts.index", "账号管理"),),
    Role.SECURITY_ADMIN: (("granting.index", "授权管理"),),
    Role.AUDIT_ADMIN: (("audit.show", "审计"),),
    Role.PENDING: (),
}


def navigation_of(role: Role) -> list[NavigationEntry]:
    """Return the entries of a role in their order."""
    return [NavigationEntry(*entry) for entry in _NAVIGATION[role]]
