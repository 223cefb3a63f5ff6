"""The working of a mark in words, line by line, and what stands before it."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import takewhile

from tracker.domain.quoting import quoted
from tracker.domain.scoring.entries import kind_names
from tracker.domain.scoring.metrics import rounded
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.questions import NUMBER_PLACE, Decision
from tracker.domain.scoring.results import Fact, State, Step, StepKind
from tracker.domain.scoring.rules import option_of
from tracker.domain.scoring.scheme import Scheme, Window, clause_label

STATES: dict[State, str] = {State.COMPUTED: "已计算", State.ASKED: "有待决定的疑义", State.LACKING: "数据不全"}

WINDOWS: dict[Window, str] = {
    Window.MONTH: "当月",
    Window.TO_MONTH_END: "截至当月末",
    Window.YEAR_TO_MONTH: "元月至当月",
    Window.YEAR: "全年",
    Window.YEAR_AGO: "上年同月",
    Window.MONTH_BEFORE: "上月",
}

DECISION_FAULTS = {
    "question": "没有这个疑义",
    "option": "这一月份所依的规则没有这个选项",
    "decider": "没有写决定人",
    "reason": "没有写理由",
    "version": "版次应从1起",
    "number": "该选项要填数值的没有填，或者不要数值的填了",
    "number_size": "数值应为0至100，最多两位小数",
    "weights": "该选项要填权重的没有填，或者不要权重的填了",
    "weights_sum": "权重应逐个指标填写，不为负，合计为1",
}

INPUT_PARTS = {
    "month": "月份",
    "figure": "数据项",
    "object": "考评对象",
    "item": "指标",
    "kind": "事项类别和指标",
    "marks": "认定的分值",
    "check": "现场核查的数值",
}

_ZERO_BASE = {"zero": "按0计", "last": "排在最后", "none": "不参加排名，不得分", "full": "不参加排名，得满分"}
_IN_MEAN = {"none": "不参加排名，不计入平均", "full": "不参加排名，按第1名计入平均"}
_WITHOUT_PLACE = {
    "none": "不排名，不得分",
    "full": "不排名，得满分",
    "bottom": "各考评对象均为0，得最低一档分",
}
_EXACT_PLACES, _SHOWN_PLACES = 6, 4
ABOUT = "约"
_THINGS = ("项目", "工程")
_MONEY, _FULL = "money", "full_workings"
_UNIT = "unit of a target"  # among the names, as no code can be


def working_words(scheme: Scheme, steps: Iterable[Step], *, unit: str = "", money: str = "") -> list[str]:
    """Say each line of a working; `unit` is that of the things which a target counts, `money` that of what is seen.

    Without `money` the words are those of papers about rules without `full_workings`, which stay as they are.
    """
    names = names_in(scheme) | {_UNIT: unit}
    added: dict[str, Fact] = {_MONEY: money, _FULL: scheme.full_workings}
    return [_SENTENCES[step.kind]({**step.facts, **added}, names) for step in steps]


def note_words(scheme: Scheme, decision: Decision) -> str:
    """Say a decision as it is printed in a note: 名次并列：……（某某2022年9月1日决定：理由）."""
    title, chosen, decided, reason = note_parts(scheme, decision)
    return f"{title}：{chosen}（{decided}决定：{reason}）"


def note_parts(scheme: Scheme, decision: Decision) -> tuple[str, str, str, str]:
    """Say what was decided upon, what was decided, by whom and when, and why."""
    question = next(one for one in scheme.questions if one.code == decision.question)
    day = decision.decided_on
    on = f"{day.year}年{day.month}月{day.day}日"
    return question.title, decided_words(scheme, decision), f"{decision.decider}{on}", decision.reason


def decided_words(scheme: Scheme, decision: Decision) -> str:
    """Say what was decided, with its number where the option leaves room for one: 每次扣5分."""
    option = option_of(next(one for one in scheme.questions if one.code == decision.question), decision)
    number = "" if decision.number is None else exact_words(decision.number)
    said = option.decided.replace(NUMBER_PLACE, number) or option.words
    shares = "、".join(f"{names_in(scheme)[code]}{exact_words(share)}" for code, share in decision.weights)
    return "，".join(filter(None, (said, number if NUMBER_PLACE not in option.decided else "", shares)))


def without_shared(name: str, before: str) -> str:
    """Leave out of a name the things that it has in common with the one before: 专项债项目开工率、投资完成率."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(before, name, strict=False))
    common = "".join(one for one, _ in pairs)
    shared = max((common.rfind(end) + len(end) for end in _THINGS if end in common), default=0)
    return name[shared:] or name


def exact_words(value: Fact) -> str:
    """Write a number exactly where it has an end, else with four decimals and 约."""
    if isinstance(value, Decimal):
        return number_text(value)
    if not isinstance(value, Fraction):
        return str(value)
    exact = rounded(value, _EXACT_PLACES)
    if Fraction(exact) == value:
        return number_text(exact)
    return f"{ABOUT}{number_text(rounded(value, _SHOWN_PLACES))}"


_Facts = Mapping[str, Fact]
_Names = Mapping[str, str]


def names_in(scheme: Scheme) -> dict[str, str]:
    """Return by their codes the names of what happens, is found and is measured.

    Those of items by `item CODE`, those of figures by `figure CODE`, units of metrics by `unit CODE`.
    """
    kinds = {code: name for (_, code), name in kind_names(scheme).items()}
    items = {
        f"item {item.code}": f"{clause_label(annex.label, item.label)}{quoted(item.title)}"
        for annex, item in scheme.items()
    }
    figures = {f"figure {one.code}": one.name for one in scheme.figures}
    units = {one.code: one.unit for one in scheme.figures}
    figures |= {f"unit {one.code}": "%" if one.every_base else units[one.figure] for one in scheme.metrics}
    return kinds | items | figures | {one.code: one.name for one in scheme.metrics}


def _n(facts: _Facts, name: str) -> str:
    return exact_words(facts[name])


def _named(facts: _Facts, names: _Names, fact: str = "metric") -> str:
    code = str(facts.get(fact, ""))
    return names.get(code, code)


def _rate(facts: _Facts, names: _Names) -> str:
    return f"{_named(facts, names)}：{_n(facts, 'value')}÷{_base(facts, names)}＝{_n(facts, 'percent')}%"


def _base(facts: _Facts, names: _Names) -> str:
    """Say the base, by its name where that was decided: the text does not say what it is."""
    named = names[f"figure {facts['base_figure']}"] if "base_figure" in facts else ""
    named = without_shared(named, _named(facts, names))
    return f"{named}{_n(facts, 'base')}"


def _growth(facts: _Facts, names: _Names) -> str:
    return f"{_named(facts, names)}：{_n(facts, 'value')}÷{_base(facts, names)}－1＝{_n(facts, 'percent')}%"


def _zero_base(facts: _Facts, names: _Names) -> str:
    return f"{_named(facts, names)}：{_base(facts, names).removesuffix('0') or '分母'}为0"


def _rounded(facts: _Facts, names: _Names) -> str:
    return f"{_named(facts, names)}取{_n(facts, 'places')}位小数：{_n(facts, 'value')}%"


def _place(facts: _Facts, names: _Names) -> str:
    metric = _named(facts, names)
    of = f"{metric}" if metric else ""
    return f"{of}列第{_n(facts, 'rank')}名（共{_n(facts, 'of')}个），得{_n(facts, 'marks')}分"


def _not_ranked(facts: _Facts, names: _Names) -> str:
    choice = str(facts["choice"])
    if "marks" not in facts:
        return _ZERO_BASE[choice].replace("不参加排名，", "分母为0，")
    return f"{_named(facts, names)}{_WITHOUT_PLACE[choice]}，{_n(facts, 'marks')}分"


def _share(facts: _Facts, names: _Names) -> str:
    return f"{_named(facts, names)}占{_n(facts, 'share')}，计{_n(facts, 'given')}分"


def _place_of(facts: _Facts, names: _Names) -> str:
    unit = names[f"unit {facts['metric']}"]
    value = "分母为0" if facts["choice"] else f"{_n(facts, 'value')}{unit}"
    return f"{_named(facts, names)}{value}，{place_of_words(facts)}"


def place_of_words(facts: _Facts) -> str:
    """Say the place by one of several metrics, or how it counts without one: 列第4名, 并列第2名, 按0计，列第13名."""
    if facts["rank"] is None:
        return _IN_MEAN[str(facts["choice"])]
    without = {"zero": "按0计，", "last": ""}.get(str(facts["choice"]), "")
    return f"{without}{'并' if facts['tied'] else ''}列第{_n(facts, 'rank')}名"


def _without_base(facts: _Facts, names: _Names) -> str:
    choice = str(facts["choice"])
    return f"{_named(facts, names)}{_ZERO_BASE[choice] if choice in {'zero', 'last'} else '不计入平均'}"


def _shared(facts: _Facts, names: _Names) -> str:
    rounded_to = "" if facts["sum"] == facts["marks"] else f"，四舍五入计{_n(facts, 'marks')}分"
    return f"合计{_n(facts, 'sum')}分{rounded_to}"


def _capped(facts: _Facts, names: _Names) -> str:
    of = ""
    if "basis" in facts:
        of = names[f"item {facts['item']}"] + {"obtained": "实得的", "full": "满分"}[str(facts["basis"])]
    return f"累加{_n(facts, 'sum')}分，以{of}{_n(facts, 'cap')}分为限"


def _target(facts: _Facts, names: _Names) -> str:
    unit = names[_UNIT]
    told = f"目标{_n(facts, 'target')}{unit}，完成{_n(facts, 'value')}{unit}"
    if not facts["value"]:
        return f"{told}，当月没有，得0分"
    missing = f"，少{_n(facts, 'missing')}{unit}" if facts["missing"] else ""
    return f"{told}{missing}，得{_n(facts, 'marks')}分"


def _gap(facts: _Facts, names: _Names) -> str:
    if not facts["gap"]:
        return f"达到或超过时序进度，得{_n(facts, 'full')}分"
    return (
        f"与时序进度相差{_n(facts, 'gap')}个百分点，满1个百分点的计{_n(facts, 'whole')}个，"
        f"每个扣{_n(facts, 'per_point')}分：{_n(facts, 'full')}－{_n(facts, 'per_point')}×{_n(facts, 'whole')}"
        f"＝{_n(facts, 'marks')}分"
    )


def _addition(facts: _Facts, names: _Names) -> str:
    if facts["rank"] is None:
        return f"不排名，加{_n(facts, 'marks')}分"
    return f"列第{_n(facts, 'rank')}名，加{_n(facts, 'marks')}分"


def _act(facts: _Facts, names: _Names) -> str:
    return f"{_named(facts, names, 'kind')}{_n(facts, 'count')}次" + ("" if facts["count"] else "，未完成")


def _case(facts: _Facts, names: _Names) -> str:
    marks = facts["marks"]
    verb = "扣" if isinstance(marks, Decimal) and marks < 0 else "加"
    size = number_text(abs(marks)) if isinstance(marks, Decimal) else str(marks)
    return f"{_named(facts, names, 'kind')}：{facts['reference']}，{verb}{size}分"


def _not_counted(facts: _Facts, names: _Names) -> str:
    told = f"{_named(facts, names, 'kind')}：{facts['reference']}，"
    if "item" not in facts:
        return f"{told}不在计扣的月份，不计"
    item = names[f"item {facts['item']}"]
    return f"{told}已计入{item}，此处不再计"


def _check(facts: _Facts, names: _Names) -> str:
    numbers = (
        f"{facts['reference']}：上报{_n(facts, 'reported')}{facts[_MONEY]}，核查{_n(facts, 'found')}{facts[_MONEY]}"
    )
    apart = "基数为0，计入相差最大的一档" if facts["percent"] is None else f"相差{_n(facts, 'percent')}%"
    taken = facts["marks"]
    less = f"扣{number_text(-taken)}分" if isinstance(taken, Decimal) and taken else "不扣分"
    return f"{numbers}，{apart}，{less}"


_SENTENCES: dict[StepKind, Callable[[_Facts, _Names], str]] = {
    StepKind.RATE: _rate,
    StepKind.GROWTH: _growth,
    StepKind.ZERO_BASE: _zero_base,
    StepKind.ROUNDED: _rounded,
    StepKind.MEAN_VALUE: lambda facts, names: f"各率平均{_n(facts, 'value')}%",
    StepKind.MEAN_RANK: lambda facts, names: f"各指标名次平均{_n(facts, 'value')}",
    StepKind.PLACE_OF: _place_of,
    StepKind.WITHOUT_BASE: _without_base,
    StepKind.SHARE: _share,
    StepKind.SHARED: _shared,
    StepKind.PLACE: _place,
    StepKind.NOT_RANKED: _not_ranked,
    StepKind.TARGET: _target,
    StepKind.SCHEDULE: lambda facts, names: f"时序进度{_n(facts, 'percent')}%",
    StepKind.GAP: _gap,
    StepKind.ADDITION: _addition,
    StepKind.ACT: _act,
    StepKind.CASE: _case,
    StepKind.NOT_COUNTED: _not_counted,
    StepKind.CHECK: _check,
    StepKind.CAPPED: _capped,
    StepKind.FLOORED: lambda facts, names: (
        (f"合计{_n(facts, 'sum')}分，" if facts[_FULL] and "sum" in facts else "") + f"扣至{_n(facts, 'floor')}分为止"
    ),
    StepKind.CEILING: lambda facts, names: f"合计{_n(facts, 'sum')}分，以{_n(facts, 'ceiling')}分为限",
}
