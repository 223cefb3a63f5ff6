"""What was done to accounts, log-ins, files and settings, and how it came out: objects by login or number, outcomes.

Nothing of what a matter says stands here; of what people wrote only the reasons of acts on accounts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tracker.domain.accounts import Role
from tracker.domain.calendar import full_date
from tracker.domain.downloads import Fetched
from tracker.wording.accounts import EMAIL_WAITS, LOG_IN_ENDS, LOG_IN_FAILURES, is_other_deputy
from tracker.wording.catalogue import LABEL_ROLES, ROLES
from tracker.wording.moments import clock_words
from tracker.wording.sizes import size_words

_Facts = Mapping[str, Any]  # Any: what an event of its type carries
_FILES: Mapping[Fetched, str] = {
    Fetched.PAPER: "第{}号文稿",
    Fetched.SOURCES: "第{}号文稿的数字溯源表",
    Fetched.EVIDENCE: "第{}号佐证材料",
    Fetched.BREAKDOWN: "第{}号文件的任务分解表",
    Fetched.TEMPLATE: "第{}号模板",
    Fetched.EMPTY_LEDGER: "台账导入模板",
    Fetched.AUDIT_TRAIL: "审计记录",
    Fetched.HANDOVER: "第{}号交接单",
    Fetched.TASK_LEDGER: "台账",
    Fetched.FORM: "第{}期填报表",
    Fetched.BOX: "佐证箱第{}号文件",
    Fetched.SITE_PHOTO: "第{}号现场核查照片",
    Fetched.LIST: "清单",
    Fetched.ENCLOSURE: "第{}号附件",
    Fetched.SCORE_FILE: "第{}号考评数据的附件",
    Fetched.SCORE_BOOK: "第{}号考评月的数据表",
}
_FACTORS: Mapping[str | None, str] = {
    "totp": "，验证码",
    "recovery": "，恢复码",
    "provider": "，统一身份认证的双因素验证",
}
_THROTTLES = {
    "pair": "同一浏览器或者地址对同一账号",
    "address": "同一地址",
    "network": "同一网络",
    "account": "同一账号",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Logins of accounts and short names of units by their ids, as they are now."""

    logins: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)

    def account(self, id_: int | None) -> str:
        return f"账号 {self.logins.get(id_, f'第{id_}号')}" if id_ is not None else "未知账号"

    def unit(self, id_: int | None) -> str:
        return self.units.get(id_, f"第{id_}号单位") if id_ is not None else "无"


def _moment(told: str) -> str:
    return clock_words(datetime.fromisoformat(told))


def _day(told: str) -> str:
    return full_date(date.fromisoformat(told))


def _why(facts: _Facts) -> str:
    return f"原因：{facts['reason']}"


def _created(facts: _Facts, names: Names) -> str:
    asked = f"，申请角色：{ROLES[facts['asked_role']]}" if facts.get("asked_role") else ""
    unit = f"，单位：{names.unit(facts['of_unit_id'])}" if facts.get("of_unit_id") else ""
    return f"角色：{ROLES[facts['role']]}{asked}{unit}"


def _granted(facts: _Facts, _names: Names) -> str:
    return f"由{ROLES[facts['old_role']]}改为{ROLES[facts['role']]}；{_why(facts)}"


def _changed(facts: _Facts, names: Names) -> str:
    told = []
    if facts["old_name"] != facts["new_name"]:
        told.append(f"姓名由{facts['old_name']}改为{facts['new_name']}")
    if facts["old_unit_id"] != facts["new_unit_id"]:
        told.append(f"单位由{names.unit(facts['old_unit_id'])}改为{names.unit(facts['new_unit_id'])}")
    if facts["email_changed"]:
        told.append("电子邮箱已变更" + EMAIL_WAITS * bool(facts.get("email_waits")))
    return "，".join(told) or "没有变更"


def _absent(facts: _Facts, names: Names) -> str:
    deputy = f"由{names.account(facts['deputy_id'])}代办" if facts["deputy_id"] else "无人代办"
    goes_on = "（代办人变更，请假不变）" if facts.get("follows") else ""
    return f"{_day(facts['first_on'])}至{_day(facts['last_on'])}，{deputy}{goes_on}；{_why(facts)}"


def _absent_no_more(facts: _Facts, names: Names) -> str:
    deputy = f"{names.account(facts['deputy_id'])}不再代办" if facts["deputy_id"] else "无人代办"
    return f"{deputy}{'（代办人变更，请假不变）' if facts.get('goes_on') else ''}"


def _handed_over(facts: _Facts, names: Names) -> str:
    counted = f"交接单所列{facts['listed']}项，未读消息{facts['messages']}条"
    return f"移交{names.account(facts['to_id'])}，{counted}；{_why(facts)}"


def _logged_in(facts: _Facts, _names: Names) -> str:
    way = "统一身份认证" if facts.get("by_provider") else "密码"
    return f"{way}{_FACTORS.get(facts.get('factor'), '')}"


def _throttled(facts: _Facts, _names: Names) -> str:
    return f"{_THROTTLES[facts['kind']]}多次失败，{_moment(facts['until'])}前不再受理"


def _fetched(facts: _Facts, _names: Names) -> str:
    return f"{size_words(facts['size_bytes'])}，SHA-256 {facts['sha256']}"


def _calendar(facts: _Facts, _names: Names) -> str:
    return f"调整{len(facts['days'])}天，变动时限{facts['moved']}个"


def _outage(facts: _Facts, _names: Names) -> str:
    return f"{_moment(facts['from_at'])}至{_moment(facts['until_at'])}，变动时限{facts['moved']}个"


def _keeper(facts: _Facts, names: Names) -> str:
    return f"由{names.unit(facts['old_keeper_unit_id'])}改为{names.unit(facts['keeper_unit_id'])}"


def _settings(facts: _Facts, _names: Names) -> str:
    hour = facts["digest_hour"]
    digest = "每日摘要按统一时间" if hour is None else f"每日摘要{hour}时"
    return f"{digest}，{'大字' if facts['large_print'] else '一般字号'}"


def _is(words: str) -> Callable[[_Facts, Names], str]:
    return lambda _facts, _names: words


# How it came out, by type of event.
OUTCOMES: Mapping[str, Callable[[_Facts, Names], str]] = {
    "account.created": _created,
    "account.role_granted": _granted,
    "account.changed": _changed,
    "account.email_confirmed": _is("本人确认"),
    "account.settings_chosen": _settings,
    "account.calendar_link_set": lambda facts, _names: "生成" if facts["calendar_sha256"] else "停用",
    "account.disabled": lambda facts, _names: _why(facts),
    "account.unused": lambda facts, _names: f"本人未登录的，{_moment(facts['disabled_from'])}起自动停用",
    "account.enabled": lambda facts, _names: _why(facts),
    "account.reset": lambda facts, _names: f"一次性口令有效期至{_moment(facts['expires_at'])}",
    "account.code_completed": lambda facts, _names: f"一次性口令有效期至{_moment(facts['expires_at'])}",
    "account.password_changed": _is("本人修改"),
    "account.factor_set_up": lambda facts, _names: "更换" if facts["renewed"] else "首次设置",
    "account.factor_removed": _is("本人取消"),
    "account.factor_reset": lambda facts, _names: _why(facts),
    "account.recovery_code_used": lambda facts, _names: f"剩余{facts['left']}个",
    "account.absence_set": _absent,
    "account.absence_ended": _absent_no_more,
    "account.acting_began": lambda facts, names: f"代{names.account(facts['for_id'])}办理",
    "account.acting_ended": lambda facts, names: f"不再代{names.account(facts['for_id'])}办理",
    "account.handed_over": _handed_over,
    "login.succeeded": _logged_in,
    "login.failed": lambda facts, _names: LOG_IN_FAILURES.get(facts["why"], facts["why"]),
    "login.throttled": _throttled,
    "login.ended": lambda facts, _names: f"{LOG_IN_ENDS.get(facts['cause'], facts['cause'])}，{facts['ended']}个",
    "file.fetched": _fetched,
    "calendar.published": _calendar,
    "outage.recorded": _outage,
    "clock.moved": lambda facts, _names: f"调至{_moment(facts['to'])}",
    "reckoning.switched": lambda facts, _names: f"报送序列{facts['series']}个",
    "reminder.resent": _is("再发一次"),
    "reminder.settled": _is("确认已收"),
    "reminder.sealed": lambda facts, _names: f"封存{len(facts['reminder_ids'])}条",
    "unit.entered": lambda facts, _names: f"{len(facts['entered'])}个单位",
    "unit.registered": lambda facts, _names: "登记别名" if facts["alias"] else "登记单位",
    "lesson.taught": lambda facts, names: (
        f"{facts['issuer']}：{facts['printed']}识别为"
        f"{names.unit(facts['unit_id']) if facts['role'] is None else LABEL_ROLES[facts['role']]}"
    ),
    "lesson.withdrawn": lambda facts, _names: f"{facts['issuer']}：{facts['printed']}",
    "unit.merged": lambda facts, names: f"并入{names.unit(facts['into_unit_id'])}，划转分工{facts['shares']}个",
    "unit.renamed": lambda facts, _names: f"由{facts['old_name']}更名为{facts['new_name']}",
    "unit.keeper_set": _keeper,
}


def outcome_words(type_: str, facts: _Facts, names: Names) -> str:
    """Say how an act came out; nothing of acts on matters, whose words stand on their own pages."""
    return OUTCOMES[type_](facts, names) if type_ in OUTCOMES else ""


def setting_words(type_: str, facts: _Facts, names: Names) -> str:
    """Name what of files and settings an event is about; nothing where it is about an account or a matter."""
    if type_ == "file.fetched":
        named = _FILES[Fetched(facts["what"])].format(facts["object_id"])
        return f"{named}：{facts['title']}" if facts.get("title") else named
    if type_ == "calendar.published":
        return f"{facts['year']}年工作日历"
    if type_ == "reminder.sealed":
        return f"第{facts['reminder_ids'][0]}号至第{facts['reminder_ids'][-1]}号消息"
    if type_ in ("outage.recorded", "clock.moved", "reckoning.switched"):
        return {"outage.recorded": "系统", "clock.moved": "演示时钟", "reckoning.switched": "报送序列"}[type_]
    if type_.startswith("unit."):
        return names.unit(facts["unit_id"]) if facts.get("unit_id") else facts.get("name", "")
    return ""


def act_words(type_: str, facts: _Facts) -> str | None:
    """Name what was done where the type alone does not: 授予角色：联络员; None where it does."""
    if type_ in ("account.absence_set", "account.absence_ended") and is_other_deputy(facts):
        return "变更代办人"
    if type_ != "account.role_granted":
        return None
    if facts["role"] == Role.PENDING:
        return f"收回角色：{ROLES[facts['old_role']]}"
    return f"授予角色：{ROLES[facts['role']]}"
