"""Parts of sentences that depend on counts: what is nought is not told, what holds for all is said without a number.

Figures stay places like {total}.
"""

from collections.abc import Collection, Mapping

_OF_DOCUMENT = "document_"

# The classes of all tasks and of all forms due: those that are not nought are named, a single one without its number.
_WORK = {
    "completed_met": ("已办结{completed_met}项", "已办结"),
    "completed_unmet": ("办结未达标{completed_unmet}项", "办结未达标"),
    "completion_pending": ("办结待审{completion_pending}项", "办结待审"),
    "on_schedule": ("达序时{on_schedule}项", "达序时"),
    "ongoing": ("常态推进{ongoing}项", "常态推进"),
    "awaiting_figures": ("到期待核数{awaiting_figures}项", "到期待核数"),
    "behind": ("未达序时{behind}项", "未达序时"),
    "overdue_work": ("逾期未办结{overdue_work}项", "逾期未办结"),
    "unknown": ("因反馈逾期情况不明{unknown}项", "因反馈逾期情况不明"),
    "lapsed": ("", ""),  # in the words of what it is made of
    "suspended": ("中止{suspended}项", "已中止"),
    "cancelled": ("已撤销{cancelled}项", "已撤销"),
    "not_started": ("待启动或待报告{not_started}项", "待启动或待报告"),
}
_DONE, _NOTHING_DONE = ("completed_met", "completed_unmet"), "，目前尚无办结事项"
_NOT_STARTED = {
    "not_due": ("报送期限未到{not_due}项", "报送期限未到"),
    "silent": ("尚无报告{silent}项", "尚无报告"),
    "given_back": ("反馈已退回{given_back}项", "反馈已退回"),
    "overdue_unreported": ("反馈逾期未报{overdue_unreported}项", "反馈逾期未报"),
    "overdue_uncorrected": ("反馈逾期未补正{overdue_uncorrected}项", "反馈逾期未补正"),
    "early": ("启动时间未到{early}项", "启动时间未到"),
    "waits": ("待触发{waits}项", "待触发"),
    "unreceived": ("牵头单位均未签收{unreceived}项", "牵头单位未签收"),  # no lead of it has
}
_PAPERS = {
    "on_time": ("按时{on_time}期", "按时报送"),
    "late": ("迟报{late}期", "迟报"),
    "under_review": ("审核中{under_review}期", "在审核中"),
    "held": ("随办结报告待审{held}期", "随办结报告待审"),
    "correction": ("退回补正{correction}期", "已退回补正"),
    "uncorrected": ("逾期未补正{uncorrected}期", "逾期未补正"),
    "pending": ("延期或者异议待批{pending}期", "延期或者异议待批"),
    "owed": ("逾期未报{owed}期", "逾期未报"),
    "waived": ("免报{waived}期", "免报"),
}
# With what a class begins that speaks of something else than the items themselves.
_SUBJECTS = ("报送期限", "启动时间", "牵头单位", "反馈")
_NOT_ASKED = (("waived", "免报"), ("pending", "待批"), ("held", "随办结待审"))
_CHANGES = (
    ("newly_overdue", "新增{newly_overdue}份"),
    ("made_good", "已补报{made_good}份"),
    ("ended_since", "不再催报{ended_since}份（{ended_why}）"),
)


def parts(counts: Mapping[str, int], *, about_unit: bool, shares: bool = False) -> str:
    """Name the classes of the work partition, with their shares, and what 失效待结 and 未启动 are made of.

    That nothing of a city or a document is done is said: its leaders ask that first.
    """
    made_of = {"not_started": "、".join(_classes(counts, _NOT_STARTED)), "behind": _judged(counts)}
    with_shares = shares and sum(bool(counts.get(key)) for key in _WORK) > 1
    told = {}
    for key in _WORK:
        share = f"占{{share_{key}}}" if with_shares and key != "lapsed" else ""
        more = "；".join(words for words in (share, made_of.get(key, "")) if words)
        told[key] = f"（{more}）" if more else ""
    named = _classes(counts, {**_WORK, "lapsed": _lapsed(counts)}, more=told)
    if not named:
        return ""
    nothing_done = not about_unit and not any(counts.get(key) for key in _DONE)
    among = "中，" if about_unit else f"{_NOTHING_DONE if nothing_done else ''}。其中，"
    apart = "" if about_unit else "，"
    classes = f"{apart if len(named) == 1 else among}{'，'.join(named)}"
    if not counts.get("own_word"):
        return classes
    unsigned = f"（{of_them(counts, 'unsigned', of='own_word')}系动态所报，未经单位负责人审签）"
    own_word, every = counts["own_word"], sum(counts.get(key, 0) for key in _WORK)
    own = f"{_all(every)}系单位自报、尚未核定" if own_word == every else "中单位自报、尚未核定的{own_word}项"
    return f"{classes}；以上进度{own}{unsigned if counts.get('unsigned') else ''}"


def _judged(counts: Mapping[str, int]) -> str:
    """Tell what the office confirmed to be behind apart from what units say themselves; all confirmed goes unsaid."""
    if not counts.get("behind_claimed"):
        return ""
    if not counts.get("behind_confirmed"):
        return f"{_all(counts['behind_claimed'])}系单位自报"
    return "经审核确认{behind_confirmed}项、单位自报{behind_claimed}项"


def _lapsed(counts: Mapping[str, int]) -> tuple[str, str]:
    """Name what lapsed, among others and alone: for what was put on file nobody waits any more."""
    if not counts.get("lapsed_archived"):
        return "文件到期待收尾{lapsed}项", "因文件到期待收尾"
    if not counts.get("lapsed_open"):
        return f"文件到期未办结{{lapsed}}项（{_all(counts['lapsed'])}已归档）", "文件到期未办结并已归档"
    made_of = "（待收尾{lapsed_open}项、已归档{lapsed_archived}项）"
    return f"文件到期未办结{{lapsed}}项{made_of}", f"文件到期未办结{made_of}"


def papers(counts: Mapping[str, int]) -> str:
    """Name the classes of the paper partition; of what was not reported, how much nobody asks for any more."""
    missed = of_them(counts, "missed", of="owed", unit="期")
    ended = f"（{missed}为漏报，不再补报：{{missed_why}}）" if counts.get("missed") else ""
    named = _classes(counts, _PAPERS, more={"owed": ended})
    return f"{'，' if len(named) == 1 else '。其中，'}{'，'.join(named)}"


def _classes(
    counts: Mapping[str, int], words: Mapping[str, tuple[str, str]], *, more: Mapping[str, str] | None = None
) -> list[str]:
    """Name the classes that are not nought; a single one is all there is, and its number was said."""
    keys = [key for key in words if counts.get(key)]
    after = more or {}
    if len(keys) == 1:
        return [_of_all(counts[keys[0]], words[keys[0]][1]) + after.get(keys[0], "")]
    return [words[key][0] + after.get(key, "") for key in keys]


def _all(count: int) -> str:
    """Say that something holds for all of a number that was said; of one it goes without saying."""
    return "均" if count > 1 else ""


def _of_all(count: int, words: str) -> str:
    """Say something of all of a number: 均 stands after what is spoken of and before what is said of it."""
    subject = next((one for one in _SUBJECTS if words.startswith(one)), "")
    return f"{subject}{_all(count)}{words.removeprefix(subject)}"


def not_told(counts: Mapping[str, int], key: str, *, of: str) -> str:
    """Say of how many the text does not tell its lead, as far as 「没有…」: 其中3项原文, or 原文均 of all of them."""
    if counts.get(key) == counts.get(of):
        return f"原文{_all(counts.get(key, 0))}"
    return f"其中{{{key}}}项原文"


def of_them(counts: Mapping[str, int], key: str, *, of: str, unit: str = "项") -> str:
    """Say how many of a number that was said: 其中3项, or 均 where it is all of them."""
    if counts.get(key) == counts.get(of):
        return _all(counts.get(key, 0))
    return f"其中{{{key}}}{unit}"


def called_in(counts: Mapping[str, int]) -> str:
    """Say whose overdue reports an order calls in, where they are not those of everybody whom it addresses."""
    if counts.get("called_count", 0) > 1:
        return "逾期的{called_in}份反馈（{called_list}）"
    return f"{'{called_units}' if counts.get('addressed', 0) > 1 else ''}逾期的{{called_in}}份反馈"


def own(counts: Mapping[str, int]) -> str:
    """Say which part of its tasks a unit leads."""
    if not counts.get("own_lead"):
        return "均为配合或者按职责分工承担的事项"
    return "其中牵头{own_lead}项、配合或者按职责分工承担{own_other}项" if counts.get("own_other") else "均为牵头的事项"


def own_unreceived(counts: Mapping[str, int]) -> str:
    """Say how many of its tasks a unit has not signed for."""
    every = counts.get("own_unreceived") == counts.get("total")
    return f"{_all(counts.get('total', 0))}尚未签收" if every else "尚未签收{own_unreceived}项"


def rate(counts: Mapping[str, int]) -> str:
    """Say the rate beside the numbers of which it follows, and what of it was deducted."""
    deducted = "、".join(words for key, words in _NOT_ASKED if counts.get(key))
    if counts.get("in_time") and counts["in_time"] == counts.get("on_time"):  # said before: what came in time is all
        return f"；{f'扣除{deducted}后按{{asked}}期计，' if deducted else ''}按时率{{rate}}"
    after = f"扣除{deducted}后的{{asked}}期中，" if deducted else ""
    in_time = "首次报送未逾期的{in_time}期" if counts.get("in_time") else "没有首次报送未逾期的"
    return f"；{after}{in_time}，按时率{{rate}}"


def returned(counts: Mapping[str, int]) -> str:
    """Say how many rows were given back, and how many of them are no item but the tick for all others."""
    ticks = f"，{of_them(counts, 'returned_ticks', of='returned_rows', unit='项次')}系对其他配合事项的一并确认"
    return f"{{returned_rows}}项次{ticks if counts.get('returned_ticks') else ''}"


def causes(counts: Mapping[str, int]) -> str:
    """Name the causes of what was confirmed to be behind, where all of it has one outside of its leads."""
    return "，登记的原因有：{behind_causes}" if counts.get("behind_caused") else ""


def past_deadline(counts: Mapping[str, int]) -> str:
    """Say what of the work past its deadline was never reported or not corrected, and name it as far as papers do."""
    if not counts.get("past_uncorrected"):
        words = "时限已过、应报而未报办结情况的{overdue_work}项"
    elif not counts.get("past_unreported"):
        words = "时限已过、办结情况退回后尚未补正的{overdue_work}项"
    else:
        split = "应报而未报办结情况的{past_unreported}项、退回后尚未补正的{past_uncorrected}项"
        words = f"时限已过的{{overdue_work}}项，其中{split}"
    if not counts.get("past_named"):
        return words
    return f"{words}，{of_them(counts, 'past_named', of='overdue_work')}列举如下：{{past_list}}"


def document_lines(figures: Collection[str]) -> list[str]:
    """Return a paragraph for each document of which something is told; they stand by letters: {total_a}.

    Where a circular went before, what is told was accepted since.
    """
    letters = [key.removeprefix(_OF_DOCUMENT) for key in figures if key.startswith(_OF_DOCUMENT)]
    since = "{previous_until}以来经审核认可的有：" if "previous_until" in figures else ""
    return [
        f"{{document_{letter}}}共{{total_{letter}}}项，{{classes_{letter}}}。其中，{since}{{results_{letter}}}。"
        for letter in letters
    ]


def behind(counts: Mapping[str, int], *, about_unit: bool) -> str:
    """Name the units of what is overdue; a single one without a number where it has all that was counted."""
    if not counts.get("blamed"):
        return ""
    if counts["blamed"] == counts["overdue"] and counts["behind_count"] == 1:
        return "，涉及{behind_items}" if about_unit else "，由{behind_units}承办（{behind_items}）"
    several = "以下{behind_count}个单位{blamed}份：" if counts["behind_count"] > 1 else ""
    return f"。其中，{several}{{behind_list}}"


def changes(counts: Mapping[str, int]) -> str:
    """Say how the overdue reports came to what they are since the circular before."""
    was, now = counts.get("previous_overdue", 0), counts.get("overdue", 0)
    if was != now:
        told = "逾期报送由{previous_overdue}份变为{overdue}份"
    else:
        told = "逾期报送仍为{overdue}份" if now else "仍没有逾期的报送"
    return "，".join((told, *(words for key, words in _CHANGES if counts.get(key))))
