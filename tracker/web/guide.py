"""Help 「帮助」: the users' manual as a page, and where in it the page at hand is explained."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.web.access import EVERYBODY, LOGGED_IN, allow
from tracker.web.manual import chapters

pages = Blueprint("help", __name__)

_ADMINISTRATION, _AUDIT = "系统管理员、安全保密管理员", "审计管理员"
# Where somebody of a role reads first, for pages that say of no matter of their own.
OF_ROLE: Mapping[Role, str] = {
    Role.LIAISON: "联络员",
    Role.UNIT_HEAD: "单位负责人",
    Role.SUPERVISOR: "督查室",
    Role.LEADER: "领导",
    Role.READER: "搜索",
    Role.SYSTEM_ADMIN: _ADMINISTRATION,
    Role.SECURITY_ADMIN: _ADMINISTRATION,
    Role.AUDIT_ADMIN: _AUDIT,
    Role.PENDING: "登录",
    Role.SYSTEM: "登录",
}
_BY_ROLE: Mapping[Role, str] = {}


def _of_the_office(place: str, others: str) -> Mapping[Role, str]:
    """Return where a page is explained on which the office works and the others read."""
    return {role: place if role is Role.SUPERVISOR else others for role in EVERYBODY}


_FILES_UNDER_REPORTS = {
    Role.LIAISON: "联络员-佐证",
    Role.UNIT_HEAD: "联络员-佐证",
    Role.SUPERVISOR: "督查室-审核队列",
    Role.LEADER: "领导-全貌和督查台",
}
_ASKED_OF_UNITS = {
    Role.LIAISON: "联络员-协办往来",
    Role.UNIT_HEAD: "联络员-协办往来",
    Role.SUPERVISOR: "督查室-协办和协调",
    Role.LEADER: "领导-全貌和督查台",
}
# Where a page is explained: by its endpoint, else by the blueprint, which also holds for what a form of it answers.
# Where it depends on who reads it, a role that is not named has its own chapter.
HELP: Mapping[str, str | Mapping[Role, str]] = {
    "absences": "我的账号-请假和代办",
    "absences.people": "我的账号-人员和移交",
    "absences.show_person": "我的账号-人员和移交",
    "accounts": f"{_ADMINISTRATION}-开通账号",
    "acts": "督查室-文件",
    "acts.dispute": "联络员-签收",
    "audit": _AUDIT,
    "boxes": "联络员-佐证箱",
    "calendar": "督查室-工作日历",
    "calendar_link": "我的账号-日历订阅",
    "changes": "上次登录以来",
    "circular_acts": "督查室-通报",
    "circular_drafting": "督查室-通报",
    "circular_files": _of_the_office("督查室-通报", "文件和文稿-文稿"),
    "circular_templates": "督查室-通报",
    "circulars": _of_the_office("督查室-通报", "文件和文稿-文稿"),
    "day_exports": "导出",
    "desk": _of_the_office("督查室-督查台", "领导-全貌和督查台"),
    "documents": _of_the_office("督查室-文件", "文件和文稿-文件"),
    "drafts": "督查室-文件拆解",
    "lessons": "督查室-文件拆解",
    "due": "到期日历",
    "enclosures": {
        Role.LIAISON: "联络员-文稿签收和答复",
        Role.UNIT_HEAD: "联络员-文稿签收和答复",
        Role.SUPERVISOR: "督查室-通报",
        Role.LEADER: "领导-批示",
    },
    "evidence": _FILES_UNDER_REPORTS,
    "factor": "我的账号-双因素验证",
    "filing": "联络员-填报",
    "filing.ask_for_time": "联络员-延期",
    "filing.take_back": "联络员-撤回",
    "form_files": "联络员-用Excel填",
    "granting": f"{_ADMINISTRATION}-授予角色",
    "handing_over": "我的账号-人员和移交",
    "handling": "联络员-转办",
    "help": _BY_ROLE,
    "inquiries": _ASKED_OF_UNITS,
    "inquiries.decide": "督查室-协办和协调",
    "instructions": {Role.LEADER: "领导-批示", Role.SUPERVISOR: "领导-代录"},
    "jottings": "联络员-草稿",
    "leader": "领导-一页",
    "ledger_views": "台账-视图",
    "ledger_import": "督查室-没有文件的事项",
    "ledgers": "督查室-没有文件的事项",
    "ledgers.as_table": _of_the_office("督查室-任务分解表", "文件和文稿-文件"),
    "list_exports": "导出",
    "proposed_papers": "督查室-督查台",
    "register_exports": "导出",
    "waiting_exports": "导出",
    "login.home": _BY_ROLE,
    "login.leave": _BY_ROLE,
    "many_forms": "联络员-一次多报",
    "mine": "我的账号",
    "namings": "联络员-文稿签收和答复",
    "namings.keep": "督查室-通报",
    "countersigning": "督查室-通报",
    "countersigning.sign": "单位负责人",
    "news": "联络员-进展动态",
    "news.answer": "联络员-申请办结和主动反馈",
    "news.complete": "联络员-申请办结和主动反馈",
    "news.completion": "联络员-申请办结和主动反馈",
    "news.keep_completion": "联络员-申请办结和主动反馈",
    "news.keep_reply": "联络员-申请办结和主动反馈",
    "news.reply": "联络员-申请办结和主动反馈",
    "nobody": "督查室-无人可提醒",
    "notices": {Role.LIAISON: "联络员-消息", Role.SUPERVISOR: "督查室-消息"},
    "objections": "联络员-核定异议",
    "objections.restore": "督查室-审核队列",
    "outages": "督查室-系统停用",
    "overdue": "灯的含义",
    "overview": _of_the_office("督查室-督查台", "领导-全貌和督查台"),
    "petitions": "单位负责人",
    "petitions.take_back": "联络员-延期",
    "project_acts": "重点项目",
    "project_acts.check": "重点项目-现场核查",
    "project_acts.check_form": "重点项目-现场核查",
    "project_imports": "重点项目-导入",
    "projects": "重点项目",
    "questions": "督查室-文件",
    "quoting": "联络员-协办往来",
    "reminders": "督查室-提醒台账",
    "review": "督查室-审核队列",
    "review.leader": "领导-一页",
    "review_rows": "督查室-审核队列",
    "published_months": _of_the_office("督查室-月度考评通报", "文件和文稿-已通报的月度考评"),
    "schedules": "督查室-文件",
    "scoring": "月度考评",
    "scoring_books": "月度考评",
    "scoring_counts": "月度考评",
    "scoring_exports": "导出",
    "scoring_inputs": "月度考评",
    "scoring_results": "月度考评",
    "scoring_rules": "月度考评",
    "search": "搜索",
    "served": "联络员-文稿签收和答复",
    "served.give_back": "单位负责人",
    "served.read": "督查室-通报",
    "served.sign": "单位负责人",
    "sign_off": "单位负责人",
    "task_ledger": "台账",
    "tasks": _BY_ROLE,
    "today": "联络员-今天",
    "today.acknowledge_selected": "联络员-签收",
    "units": "督查室-交办对象",
    "verifying": "联络员-核实成员报送",
    "verifying.accept": "督查室-审核队列",
}


@pages.get("/help")
@allow(*LOGGED_IN)
def show() -> ResponseReturnValue:
    return render_template("web/help/manual.html", chapters=chapters())


def help_at(role: Role) -> str:
    """Return where in the manual the page at hand is explained to somebody of a role."""
    return place_of(request.endpoint or "", role)


def place_of(endpoint: str, role: Role) -> str:
    """Return where in the manual a page is explained to somebody of a role."""
    found = HELP.get(endpoint, HELP.get(endpoint.partition(".")[0], _BY_ROLE))
    return found if isinstance(found, str) else found.get(role, OF_ROLE[role])
