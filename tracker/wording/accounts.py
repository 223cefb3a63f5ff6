"""What is said about accounts, passwords and log-ins."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import cast

from tracker.domain.account_policy import Reached
from tracker.domain.calendar import full_date
from tracker.wording.catalogue import EVENTS, ROLES
from tracker.wording.moments import clock_words
from tracker.wording.open_work import acting_words, own_work_words

PASSWORD_RULES: Mapping[str, str] = {
    "too_short": "长度不够，须有{shortest}位以上，或者{mixed}位以上并含大写字母、小写字母、数字、符号中的三类",
    "too_long": "不能超过{longest}位",
    "named": "不能含有账号或者姓名",
    "common": "过于常见，容易被猜到",
    "monotonous": "重复的字符太多",
    "former": "不能与最近{former}次用过的密码相同",
}
ACCOUNT_STATES: Mapping[str, str] = {
    "pending": "待授权",
    "code": "待首次登录改密",
    "stale": "长期未登录",
    "active": "在用",
    "disabled": "已停用",
}
# Of an address that another entered, beside what says that it changed.
EMAIL_WAITS = "（待本人确认）"
EMAIL_TO_CONFIRM = "您的电子邮箱有变更待确认，请在“我的账号”核对。"
LOG_IN_ENDS: Mapping[str, str] = {
    "left": "本人退出",
    "own": "本人结束",
    "by_admin": "安全保密管理员结束",
    "limit": "超过同时登录数",
    "password": "修改密码",
    "reset": "重置密码",
    "disabled": "停用账号",
    "role": "角色变更",
    "factor": "设置双因素验证",
    "factor_reset": "重置双因素验证",
}
LOG_IN_FAILURES: Mapping[str, str] = {
    "password": "密码不正确",
    "half_code": "一次性口令只有前半部分",
    "unknown": "未知账号",
    "disabled": "账号已停用",
    "demonstration": "演示账号",
    "factor": "验证码不正确",
}

# Whether mail told somebody that his unused account ends; whom it did not tell, 系统管理员 tells.
REACHED: Mapping[Reached, str] = {
    Reached.MAILED: "已发邮件告知本人",
    Reached.MAIL_WAITS: "告知本人的邮件待发",
    Reached.NOT_MAILED: "没有发出邮件，请当面或者电话告知",
    Reached.NO_ADDRESS: "没有邮箱，请当面或者电话告知",
    Reached.NO_MAIL: "系统没有开通邮件，请当面或者电话告知",
}


def account_words(facts: Mapping[str, object]) -> Mapping[str, object]:
    """Translate the facts of refusals that are codes of accounts."""
    named: dict[str, object] = {}
    if "rules" in facts:
        rules = cast(Iterable[str], facts["rules"])
        named["rules"] = "；".join(PASSWORD_RULES[rule].format(**facts) for rule in rules)
    if "role" in facts:
        named["role"] = ROLES.get(str(facts["role"]), facts["role"])
    if "unread" in facts:
        named["left"] = own_work_words(cast(int, facts["open"]), unread=cast(int, facts["unread"]))
    return named


def act_words(type_: str, facts: Mapping[str, object], names: Mapping[str, str]) -> str:
    """Say what was done to an account, without why: 授予角色“联络员”; its facts are those of the event.

    `names` has those of the units and people that are among the facts.
    """
    match type_:
        case "account.created":
            return f"开通账号，申请角色：{ROLES[str(facts['asked_role'] or facts['role'])]}"
        case "account.role_granted":
            return _role_words(str(facts["old_role"]), str(facts["role"]))
        case "account.changed":
            return f"变更{'、'.join(_changed(facts, names))}"
        case "account.absence_set":
            days = "至".join(full_date(date.fromisoformat(str(facts[day]))) for day in ("first_on", "last_on"))
            return f"{_leave_words(type_, facts, names)}，{days}，{acting_words(names.get('deputy_id') or None)}"
        case "account.absence_ended":
            ended = f"，{names['deputy_id']}不再代办" if names.get("deputy_id") else ""
            return f"{_leave_words(type_, facts, names)}{ended}"
        case "account.unused":
            return f"长期未登录，{clock_words(datetime.fromisoformat(str(facts['disabled_from'])))}起自动停用"
        case "account.handed_over":
            return f"{names.get('user_id', '')}的工作移交{names.get('to_id', '')}"
        case _:
            return EVENTS[type_]


def is_other_deputy(facts: Mapping[str, object]) -> bool:
    """Tell of leave that was set or ended whether it goes on, and only its deputy is another or none."""
    return bool(facts.get("follows") or facts.get("goes_on"))


def _leave_words(type_: str, facts: Mapping[str, object], names: Mapping[str, str]) -> str:
    who = names.get("user_id", "")
    if is_other_deputy(facts):
        return f"变更{who}请假的代办人"
    return f"登记{who}请假" if type_ == "account.absence_set" else f"提前结束{who}请假"


def ending_words(disabled_from: datetime | None, *, is_last: bool, reached: Reached) -> str:
    """Say when an account that nobody uses is disabled and who tells its person, or that it stays and why."""
    if is_last:
        return "没有其他能够登录的同类管理员账号，不自动停用，请督促本人登录或者另行开通"
    ends = f"{clock_words(disabled_from)}起自动停用" if disabled_from else "停用时间待每日检查时确定"
    return f"{ends} · {REACHED[reached]}"


def renewed_words(type_: str, *, by: str, reason: str) -> str:
    """Tell somebody that another was given a way into his account, by the type of the event and why."""
    done = {"account.reset": "您的密码已由{by}重置", "account.enabled": "您的账号已由{by}重新启用"}
    words = done.get(type_, "您的双因素验证已由{by}重置").format(by=by)
    why = f"（理由：{reason}）" if reason else ""
    return f"{words}{why}。不是本人要求的，请立即修改密码并告知安全保密管理员。"


def _role_words(old: str, new: str) -> str:
    if new == "pending":
        return f"收回角色“{ROLES[old]}”"
    return f"授予角色“{ROLES[new]}”" if old == "pending" else f"角色由“{ROLES[old]}”变更为“{ROLES[new]}”"


def _changed(facts: Mapping[str, object], units: Mapping[str, str]) -> Iterable[str]:
    if facts["old_name"] != facts["new_name"]:
        yield f"姓名（“{facts['old_name']}”改为“{facts['new_name']}”）"
    if facts["old_unit_id"] != facts["new_unit_id"]:
        old, new = (units.get(name) or "无" for name in ("old_unit_id", "new_unit_id"))
        yield f"所属单位（“{old}”改为“{new}”）"
    if facts["email_changed"]:
        yield "电子邮箱" + EMAIL_WAITS * bool(facts.get("email_waits"))
