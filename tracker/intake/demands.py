"""What an item demands: cadences, deadline, targets, stated evidence, each with its verbatim quote."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from tracker.domain.items import Basis, CadenceKind, ItemKind
from tracker.domain.readings import Cadence, Deadline, EvidenceRequirement, Target
from tracker.intake.documents import chinese_number

_CLAUSE_MARKS = "，。；：！？\n,;（）()【】[]〔〕［］"
_CADENCES: tuple[tuple[CadenceKind, re.Pattern[str]], ...] = (
    (CadenceKind.EVERY_2_DAYS, re.compile(r"每(?:两|2)[日天]|双日报告|隔日")),
    (CadenceKind.DAILY, re.compile(r"每[日天](?!食|摄)|日产日清|日报告|日调度|日清零|按日")),
    (CadenceKind.WEEKLY, re.compile(r"每(?:个)?(?:周|星期)|周例会|周调度|周通报|周报|按周")),
    (CadenceKind.EVERY_10_DAYS, re.compile(r"每旬|逐旬|旬报|按旬")),
    (CadenceKind.BIMONTHLY, re.compile(r"每双月|双月(?!报)|每(?:两|2)个?月")),
    (CadenceKind.MONTHLY, re.compile(r"每(?:个)?月(?!亮)|按月|月度(?!考评办法)|月调度|月通报|月报|月例会|逐月|当月")),
    (
        CadenceKind.QUARTERLY,
        re.compile(r"每(?:个)?季度?|按季度?|季度(?=[^末底]{0,2}(?:通报|调度|小结|评估|分析|会议))|季调度|季通报"),
    ),
    (CadenceKind.HALF_YEARLY, re.compile(r"每年6月、1[12]月|每半年|半年(?:通报|评估|调度|总结)")),
    (
        CadenceKind.YEARLY,
        re.compile(
            r"每年|每学年|按年度?(?=开展|组织|通报|公布|发布|评|考)|年度(?=目标考核|考核|监测|评估|评价)|全年(?=[^，。；,;]{0,20}不少于\d+次)|一年一次|逐年(?=开展)"
        ),
    ),
    (CadenceKind.IRREGULAR, re.compile(r"(?<!一)(?<!特)(?:不)?定期(?!存款|债)")),
    (
        CadenceKind.CONTINUOUS,
        re.compile(
            r"长期坚持|常年坚持|长期推进|持续推进(?!改善)|持续(?=开展|实施|组织|做好|深入开展|抓好|加大|深化|加强|消除)|常态化(?=开展|推进|实施|组织)"
        ),
    ),
    (
        CadenceKind.ON_EVENT,
        re.compile(
            r"(?:发生|结束|接到|发现|启动|解除)[^，。；,;]{0,24}后(?!续)|随发现随|一经发现|发现[^，。；,;]{0,20}(?:的[，,]|立即)"
        ),
    ),
)
_HOURS = re.compile(r"(\d{1,3})(?:个)?小时(?:之|以)?内")
_WORKDAYS = re.compile(r"(\d{1,3})个?工作日(?:之|以)?内(?!办结率)")
_NUMBER = r"(?<![\d.A-Za-z])(\d{1,12}(?:\.\d{1,6})?)(?![\d.]\d)"
_DAY_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ymd", re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:之?前|以前|止|$)")),
    ("reach", re.compile(r"(\d{4})年(?=达到?\d|实现|完成|不[少低]于)")),
    ("next_year", re.compile(r"明年(\d{1,2})月(?:份)?(?:底|末)?(?:之?前|以前)?")),
    ("third", re.compile(r"(?<![\d年])(\d{1,2})月([上中下])旬(?:之?前|以前)?")),
    (
        "written",
        re.compile(r"([〇○零一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,2})月)?(?:底|末)(?:之?前|以前)?"),
    ),
    ("ym", re.compile(r"(\d{4})年(\d{1,2})月(?:份)?(?:底|末)?(?:之?前|以前)?(?!\d{1,2}日)")),
    ("quarter", re.compile(r"(?:(\d{4})年)?第?([一二三四])季度(?:末|底|前)")),
    ("span", re.compile(r"\d{4}\s*[—–\-－~至]+\s*(\d{4})年")),
    ("year_end", re.compile(r"(?:到|至)?(\d{4})年(?:底|末|年底|内)(?:之?前|以前)?")),
    ("by_year", re.compile(r"(?:到|至)(\d{4})年(?![\d一二三四五六七八九十]*[—–\-])(?!\d{1,2}月)")),
    ("md", re.compile(r"(?<![\d年月])(\d{1,2})月(\d{1,2})日(?:之?前|以前)")),
    (
        "m",
        re.compile(
            r"(?<![\d年明])(\d{1,2})月(?:份)?(?:底|末)(?:之?前|以前)?|(?<![\d年])(\d{1,2})月(?:份)?(?:之?前|以前)"
        ),
    ),
    ("half", re.compile(r"(?:今年|本年)?上半年(?:前|内)?(?=[，完实建启])")),
    (
        "this_year",
        re.compile(
            r"年底前|年底之前|今年年?底|年内|本年度内|全年(?=[^，。；,;]{0,24}(?:\d|完成|实现|新增|建成|评选))|今年(?=[^，。；,;]{0,20}\d)"
        ),
    ),
    (
        "months_after",
        re.compile(r"(?:印发|发布|施行|下发)(?:之日)?起([一二三四五六七八九十]+|\d{1,2})个?(月|工作日|日)内"),
    ),
)
# What every match of a form holds: most texts hold none of it and need not be searched.
_NEEDED = {
    "ymd": "日",
    "reach": "年",
    "next_year": "明年",
    "third": "旬",
    "written": "年",
    "ym": "月",
    "quarter": "季度",
    "span": "年",
    "year_end": "年",
    "by_year": "年",
    "md": "日",
    "m": "月",
    "half": "上半年",
    "this_year": "年",
    "months_after": "起",
}
_RECURRING = re.compile(r"每[年月季周]|每个?季度|每半年|各季度")
_UNITS = (
    "微克/立方米|μg/m³|亿美元|万美元|套（间）|个百分点|个工作日|批次|家次|户次|万平方米|平方公里|平方米|立方米|万亩|亩|公里|千米|万千瓦时|万千瓦|兆瓦|万吨|吨|公斤|万人次|人次|万人|万户|万家|万个|万辆|万只|只|万台|万件"
    "|亿元|万元|元|小时|分钟|个小时|天|场次|场|家次|家|户|所|座|条(?:（个）|\\(个\\))?|处|项|件|起|名|位|人|套|张|台|辆|支|批|次|种|类|站|片|块|宗|例|万株|株|个|倍|列|幢|岁|年|日|％|%|‰"
)
_QUANTITY = re.compile(
    rf"{_NUMBER}(?P<scale>万|亿)?(?:[%％]?\s*[—–\-－~～至到]\s*(?P<high>\d{{1,12}}(?:\.\d{{1,6}})?))?(?P<unit>{_UNITS})"
    r"(?P<after>[及含]?以上|以内|之内|以下|左右|内)?(?:实现)?"
)
_AT_MOST = re.compile(
    r"(?:不超过|不高于|不多于|不得超过|不得高于|不大于|控制在|控制到|压缩至|压缩到|压减至|压减到|缩短至|缩短到|减少至|降至|降到|下降到|(?<!不)(?<!不得)低于|最高|最多|上限|(?<!不)(?<!不得)少于|≤|(?<!不)小于)[^，。；,;\d]{0,12}$"
)
_AT_LEAST = re.compile(
    r"(?:不少于|不低于|不小于|达到|达|提高到|提升至|提升到|提高至|增加到|增长到|至少|保持在?|完成|力争|确保|≥|保持)[^，。；\d]{0,8}$"
)
_MORE_THAN = re.compile(r"(?<!不)(?<!不得)(?:超过|突破|高于|大于|>|超)[^，。；\d]{0,4}$")
_PAID = re.compile(r"(?:奖励|给予|补贴|补助|奖补|资助|支持|一次性|分别|计征|按|按照)[^，。；,;]{0,40}$")
_TIME_UNITS = {"个工作日", "小时", "个小时", "天", "分钟"}
_WITHIN = {"内", "以内", "之内"}
_VAGUE_UNITS = {"次", "类", "种", "位", "人", "起", "例", "批", "支", "项", "件"}
_MAKES = re.compile(r"(?:建|增|育|引进|举办|组织|开展|培|创|申报|抽查|达)[^，。；,;]{0,16}$")
_MONEY = re.compile(r"元|[%％]$")
_SCOPE_AFTER = re.compile(r"^(?:[一-龥“])")
_SKIP_BEFORE = re.compile(r"(?:前|第|以|近|约有|现有|已有|总投资|原值|注册资本|上年|满|年龄)$")
_SKIP_AFTER = re.compile(r"^(?:会议|常务|全会|届|批示|以来|指标|方面|重点任务)")
_EVIDENCE = re.compile(
    r"(?=[制编出绘修发报形公印提建完上填更])(?:制定|编制|出台|绘制|修订|发布|报送|形成|公布|印发|提交|建立|编印|完善|上报|报告|填报|更新)(?:并[^，。；、]{2,4})?(?:了)?"
    r"(?P<what>[^，。；、：\n（）()]{0,24}?(?:工作方案|实施方案|方案|行动计划|计划|规划|清单|台账|名录|目录|图谱|报告|总结|小结|通报|办法|细则|标准|规范|指南|名单|项目库|档案|预案|白皮书|意见|政策|数据|地图|一张图))"
    r"(?![一-龥]*?(?:机制|制度))"
)
_LEDGER = re.compile("台账|清单|项目库|名录")
_LEDGER_NAME = re.compile(r"[“一-龥]{0,8}[“”一-龥]{0,6}$")
_LONGEST_LEDGER_NAME = 14


def clause(text: str, start: int, end: int) -> str:
    """Return the clause around a stretch, verbatim."""
    while start > 0 and text[start - 1] not in _CLAUSE_MARKS:
        start -= 1
    while end < len(text) and text[end] not in _CLAUSE_MARKS:
        end += 1
    return text[start:end].strip()


def cadences(text: str) -> tuple[Cadence, ...]:
    """Return the rhythms that the words state, each kind once, in reading order."""
    found: dict[CadenceKind, tuple[int, Cadence]] = {}
    for kind, pattern in _CADENCES:
        match = pattern.search(text)
        if match:
            found[kind] = (match.start(), Cadence(kind, Basis.STATED, _count(kind), clause(text, *match.span())))
    event = found.get(CadenceKind.ON_EVENT)
    if (
        event
        and "立即" not in (event[1].quote or "")
        and (_HOURS.search(event[1].quote or "") or _WORKDAYS.search(event[1].quote or ""))
    ):
        del found[CadenceKind.ON_EVENT]
    monthly, bimonthly = found.get(CadenceKind.MONTHLY), found.get(CadenceKind.BIMONTHLY)
    if monthly and bimonthly and monthly[1].quote == bimonthly[1].quote:
        del found[CadenceKind.MONTHLY]
    limits = [(CadenceKind.WITHIN_HOURS, _HOURS), (CadenceKind.WITHIN_WORKDAYS, _WORKDAYS)]
    for kind, pattern in limits:
        match = pattern.search(text)
        if match and not re.search(r"(?:压缩|控制|缩短|压减|压减至)[^，。；,;]{0,12}$", text[: match.start()]):
            quote = clause(text, *match.span())
            found[kind] = (match.start(), Cadence(kind, Basis.STATED, int(match[1]), quote))
    return tuple(cadence for _, cadence in sorted(found.values(), key=lambda pair: pair[0]))


def _count(kind: CadenceKind) -> int | None:
    return None if kind in {CadenceKind.IRREGULAR, CadenceKind.CONTINUOUS, CadenceKind.ON_EVENT} else 1


def deadline(text: str, *, times: list[str], issued_on: date | None) -> Deadline | None:
    """Return the day by which the item is to be done; a field 完成时限 wins over the sentence."""
    for words in times:
        day = _first_day(words, issued_on, whole=True)
        if day:
            return Deadline(day[0], Basis.STATED, words)
    found = _first_day(text, issued_on, whole=False)
    if found is None:
        return None
    return Deadline(found[0], Basis.STATED, clause(text, *found[1]))


def _first_day(text: str, issued_on: date | None, *, whole: bool) -> tuple[date, tuple[int, int]] | None:
    best: tuple[date, tuple[int, int]] | None = None
    for form, pattern in _DAY_FORMS:
        if _NEEDED[form] not in text:
            continue
        for match in pattern.finditer(text):
            if _RECURRING.search(text[max(0, match.start() - 4) : match.start()]):
                continue
            if form == "ym" and not whole and not re.search(r"[底末前]", match.group()):
                continue
            if form in {"span", "by_year", "reach"} and _inside_brackets(text, match.start()):
                continue
            day = _day(form, match, issued_on)
            if day and (best is None or day > best[0]):
                best = (day, match.span())
    if best is None and whole and (only := re.fullmatch(r"(\d{4})年", text)):
        return date(int(only[1]), 12, 31), only.span()
    if best is None and whole and (month := re.fullmatch(r"(\d{1,2})月", text)) and issued_on:
        last = _last(issued_on.year, int(month[1]))
        return (last, month.span()) if last else None
    return best


def _inside_brackets(text: str, place: int) -> bool:
    """Say whether a place stands inside of brackets or of a title 《》."""
    before = text[max(0, place - 60) : place]
    return any(before.rfind(a) > before.rfind(b) for a, b in ("（）", "()", "《》"))


def _day(form: str, match: re.Match[str], issued_on: date | None) -> date | None:
    """Resolve one form; those without a year need the document's date."""
    groups = match.groups()
    if form == "ymd":
        return _safe(int(groups[0]), int(groups[1]), int(groups[2]))
    if form == "ym":
        return _last(int(groups[0]), int(groups[1]))
    if form == "written":
        year = int("".join(str(chinese_number(mark)) for mark in groups[0]))
        return _last(year, chinese_number(groups[1]) if groups[1] else 12)
    if form in {"span", "year_end", "by_year", "reach"}:
        return _safe(int(groups[0]), 12, 31)
    if form == "quarter" and groups[0]:
        return _last(int(groups[0]), chinese_number(groups[1]) * 3)
    return _relative(form, groups, issued_on) if issued_on else None


def _relative(form: str, groups: tuple[str, ...], issued_on: date) -> date | None:
    year = issued_on.year
    resolve: dict[str, Callable[[], date | None]] = {
        "quarter": lambda: _last(year, chinese_number(groups[1]) * 3),
        "next_year": lambda: _last(year + 1, int(groups[0])),
        "third": lambda: _safe(year, int(groups[0]), {"上": 10, "中": 20}.get(groups[1], 28)),
        "md": lambda: _safe(year, int(groups[0]), int(groups[1])),
        "m": lambda: _last(year, int(groups[0] or groups[1])),
        "half": lambda: date(year, 6, 30),
        "this_year": lambda: date(year, 12, 31),
        "months_after": lambda: _after(issued_on, chinese_number(groups[0]), groups[1]),
    }
    return resolve[form]()


def _after(start: date, count: int, unit: str) -> date | None:
    if unit != "月":
        return start + timedelta(days=count) if unit == "日" else None
    months = start.month - 1 + count
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _safe(year: int, month: int, day: int) -> date | None:
    if not (1990 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def _last(year: int, month: int) -> date | None:
    return _safe(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 and 1990 <= year <= 2100 else None


def targets(text: str, *, kind: ItemKind = ItemKind.ACTION) -> tuple[Target, ...]:
    """Return the numbers that somebody must reach, keep under or pay, in reading order.

    A policy's plain number is what is paid; a scoring rule's plain number is a mark, no target.
    """
    found: list[Target] = []
    for match in _QUANTITY.finditer(text):
        before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 6]
        op = _operator(match, before, after)
        if op is None or (match["unit"] == "名" and (match["high"] or "第" in before[-2:])):
            continue
        stated = match["after"] or _AT_LEAST.search(before) or _AT_MOST.search(before) or _MORE_THAN.search(before)
        if kind in {ItemKind.SCORING, ItemKind.RULE} and not stated:
            continue
        if kind is ItemKind.POLICY and not stated and op == ">=" and _MONEY.search(_unit(match)):
            op = "="
        quote = clause(text, *match.span())
        metric = _metric(before)
        unit = _unit(match)
        value = float(match[1])
        if match["high"]:
            found.append(Target(metric, ">=", value, quote, unit))
            found.append(Target(metric, "<=", float(match["high"]), quote, unit))
        else:
            found.append(Target(metric, op, value, quote, unit))
    return tuple(found)


_SIGNS = {
    ">": ">",
    "≥": ">=",
    "＞": ">",
    "<": "<",
    "≤": "<=",
    "＜": "<",
    "=": "=",
    "达到": ">=",
    "力争达到": ">=",
    "不低于": ">=",
}


def indicator(row: str) -> tuple[Target, ...]:
    """Read the last column of an indicator table's row as its target; a bare value is to be met exactly."""
    metric, _, cell = row.strip().rpartition(" ")
    found = re.fullmatch(rf"(?P<sign>\D*?){_NUMBER}(?P<unit>(?:{_UNITS})?)[^\d]*?(?P<tail>以上|以下|左右)?", cell)
    if found is None:
        return targets(row)
    op = _SIGNS.get(found["sign"].strip()) or {"以上": ">=", "以下": "<="}.get(found["tail"] or "", "=")
    metric = re.sub(r"^\d{1,3} ", "", metric)
    return (Target(metric, op, float(found[2]), row.strip(), found["unit"].replace("％", "%") or None),)


def year_of_goal(words: str) -> Deadline | None:
    """Take the year that a goal names as its end."""
    found = re.search(r"(?<!\d)(20\d\d)年", words)
    return Deadline(date(int(found[1]), 12, 31), Basis.STATED, clause(words, *found.span())) if found else None


def _operator(match: re.Match[str], before: str, after: str) -> str | None:
    """Say which comparison the words around a number make; None where the number is no target."""
    unit, tail = _unit(match), match["after"]
    if _is_no_target(unit, tail, before, after):
        return None
    if unit in _TIME_UNITS:
        return "<=" if tail in _WITHIN or _AT_MOST.search(before) else None
    if tail in {*_WITHIN, "以下"} or _AT_MOST.search(before):
        return "<="
    if tail == "左右":
        return "="
    if _MORE_THAN.search(before):
        return ">"
    if tail or _AT_LEAST.search(before):
        return ">="
    if _MONEY.search(unit) and _PAID.search(before):
        return "="
    return None if unit in _VAGUE_UNITS and not _MAKES.search(before) else ">="


def _is_no_target(unit: str, tail: str | None, before: str, after: str) -> bool:
    """Say whether a number dates, counts, or describes whom a measure is for."""
    if unit == "年" and not _AT_MOST.search(before) and not _AT_LEAST.search(before):
        return True
    if unit in {"日", "岁"} or re.search(r"[年月第]$", before) or (unit == "名" and before.endswith("前")):
        return True
    if _SKIP_BEFORE.search(before) or _SKIP_AFTER.match(after):
        return True
    scope = tail in {"以上", "及以上", "以下"} and _SCOPE_AFTER.match(after)
    return bool(scope) and not re.match(r"^(?:的奖|奖)", after)


def _unit(match: re.Match[str]) -> str:
    """Return the printed unit; 万 before a range belongs to the unit after it."""
    unit, scale = match["unit"].replace("％", "%"), match["scale"] or ""
    return unit if unit.startswith(scale) and scale else scale + unit


def _metric(before: str) -> str:
    words = re.split(r"[，。；：、\n]", before)[-1]
    words = re.sub(
        r"(?:不少于|不低于|不超过|达到|提高到|提升至|控制在|力争|确保|完成|突破|超过|最高|至少|达|≥|>|<|≤)+[^一-龥]*$",
        "",
        words,
    )
    return words[-20:] or "数量"


def evidence(text: str) -> tuple[EvidenceRequirement, ...]:
    """Return the products that the words themselves demand."""
    found: dict[str, EvidenceRequirement] = {}
    products = [(match["what"].strip(), match.span()) for match in _EVIDENCE.finditer(text)]
    for what, span in [*products, *_ledgers(text)]:
        if len(what) < 2 or any(what in known or known in what for known in found):
            continue
        form = (
            "list"
            if re.search(r"清单|台账|名录|名单|目录|库", what)
            else "data"
            if what.endswith("数据")
            else "document"
        )
        found[what] = EvidenceRequirement(what, Basis.STATED, clause(text, *span), form)
    return tuple(found.values())


def _ledgers(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield every ledger or list that the words name, with the words before it that belong to its name."""
    last = 0
    for noun in _LEDGER.finditer(text):
        before = text[max(last, noun.start() - _LONGEST_LEDGER_NAME) : noun.start()]
        named = _LEDGER_NAME.search(before)
        start = noun.start() - len(named.group() if named else "")
        last = noun.end()
        yield text[start : noun.end()].strip(), (start, noun.end())
