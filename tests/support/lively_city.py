"""A small city with every kind of duty in it: acts, goals, lasting work, groups that bear, ticks, and an expiry."""

from datetime import date

from tests.support.readings import small_registry
from tracker.domain.items import Basis, Bearer, CadenceKind, ItemKind, LeadBasis, Measure, SpanRole
from tracker.domain.readings.coverage import Span
from tracker.domain.readings.demands import Bound, Cadence, Deadline, Target
from tracker.domain.readings.item import Item, PrintedGroup, PrintedUnit
from tracker.domain.readings.reading import Reading

NUMBER = "驻政办〔2022〕98号"
_HEAD = "一、主要任务\n"
_WORDS = (
    "1.各县区每月外出招商不少于2次。（责任单位：市商务局，各县区人民政府）",
    "2.全年引进资金100亿元。（责任单位：市统计局）",
    "3.持续优化服务。（责任单位：市商务局、市卫健体委）",
    "4.每周通报一次。（责任单位：市卫健体委，各县区人民政府）",
    "5.完善制度。（责任单位：市统计局、市商务局）",
    "6.发生疫情后24小时内报告，并每日续报。（责任单位：市卫健体委）",
)
_COUNTIES = PrintedGroup("各县区人民政府", ("yc", "sp"))
REGISTRY = small_registry()


def lively_reading() -> Reading:
    """A document issued on 1 September 2022 that expires with January 2023."""
    text = _HEAD + "\n".join(_WORDS)
    places = [text.index(words) for words in _WORDS]
    ends = [start + len(words) for start, words in zip(places, _WORDS, strict=True)]
    notes = [text.index("（责任", start) for start in places]
    group = Bound(Bearer.GROUP)
    made: list[dict[str, object]] = [
        {
            "leads": (PrintedUnit("市商务局", "swj"),),
            "groups": (_COUNTIES,),
            "cadences": (Cadence(CadenceKind.MONTHLY, Basis.STATED, 1, "每月外出招商不少于2次", group),),
            "targets": (Target("次数", ">=", 2, "不少于2次", "次", "月", Measure.PER_PERIOD, group),),
        },
        {
            "kind": ItemKind.GOAL,
            "leads": (PrintedUnit("市统计局", "tjj"),),
            "targets": (Target("引进资金", ">=", 100, "100亿元", "亿元", None, Measure.CUMULATIVE),),
            "deadline": Deadline(date(2022, 12, 31), Basis.STATED, "全年"),
        },
        {
            "leads": (PrintedUnit("市商务局", "swj"),),
            "supports": (PrintedUnit("市卫健体委", "wjw"),),
            "cadences": (Cadence(CadenceKind.CONTINUOUS, Basis.STATED, None, "持续"),),
        },
        {
            "leads": (PrintedUnit("市卫健体委", "wjw"),),
            "groups": (_COUNTIES,),
            "cadences": (Cadence(CadenceKind.WEEKLY, Basis.STATED, 1, "每周通报一次"),),
        },
        {"leads": (PrintedUnit("市统计局", "tjj"), PrintedUnit("市商务局", "swj"))},
        {
            "kind": ItemKind.RESPONSE_STEP,
            "level": "IV",
            "leads": (PrintedUnit("市卫健体委", "wjw"),),
            "cadences": (
                Cadence(CadenceKind.WITHIN_HOURS, Basis.STATED, 24, "24小时内"),
                Cadence(CadenceKind.DAILY, Basis.STATED, 1, "每日续报"),
            ),
        },
    ]
    items = []
    for n, (facts, start, end, note) in enumerate(zip(made, places, ends, notes, strict=True), 1):
        whole = {
            "code": f"98-{n:02}",
            "label": f"一{n}",
            "kind": ItemKind.ACTION,
            "title": _WORDS[n - 1][2:8],
            "span": (start, end),
            "lead_basis": LeadBasis.EXPLICIT,
            "responsibility": text[note + 1 : end - 1],
            "responsibility_span": (note, end),
            **facts,
        }
        items.append(Item(**whole))  # type: ignore[arg-type] # facts of a test
    return Reading(
        number=NUMBER,
        title="招商服务工作方案",
        issuer="驻马店市人民政府办公室",
        issued_on=date(2022, 9, 1),
        effective_on=None,
        expires_on=date(2023, 1, 31),
        text=text,
        items=tuple(items),
        declared=(Span(0, len(_HEAD), SpanRole.HEADING),),
    )
