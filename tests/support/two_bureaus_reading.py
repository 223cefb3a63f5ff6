"""The instruction that each of the two bureaus carries out: one item for each thing that may happen to a task."""

from dataclasses import replace
from datetime import date

from tests.support.readings import small_reading
from tracker.domain.items import Basis, Bearer, CadenceKind, ItemKind, LeadBasis, Measure, Origin, SpanRole
from tracker.domain.readings.coverage import Span
from tracker.domain.readings.demands import Bound, Cadence, Target
from tracker.domain.readings.item import Item, PrintedGroup, PrintedUnit
from tracker.domain.readings.reading import Reading

# What happens to the item of each name; the first six are filed with the form of September.
MATTERS = (
    "working",
    "returned",
    "lowered",
    "objected",
    "key",
    "open",
    "extended",
    "extended again",
    "disputed",
    "suspended",
    "completed",
    "closed",
    "overdue",
    "waiting",
    "running",
)
_RHYTHMS = {
    "open": Cadence(CadenceKind.IRREGULAR, Basis.DEFAULT),
    "overdue": Cadence(CadenceKind.WEEKLY, Basis.STATED, 1, "每周报告一次"),
    "waiting": Cadence(CadenceKind.WITHIN_HOURS, Basis.STATED, 24, "24小时内"),
    "running": Cadence(CadenceKind.DAILY, Basis.STATED, 1, "每日续报"),
}
# 市统计局 supports these: what becomes of the lead's reports is not for its eyes.
_SUPPORTED = ("working", "returned", "lowered", "objected")
_COUNTIES = PrintedGroup("各县区人民政府", ("yc", "sp"))


def instruction(word: str, *, number: str, bureau: tuple[str, str]) -> Reading:
    """Return an instruction for a bureau, given its name and code; the counties report on the first item too."""
    name, code = bureau
    head = f"关于{word}的批示\n"
    text, items = head, []
    for place, matter in enumerate(MATTERS, 1):
        start = len(text)
        quoted = _RHYTHMS[matter].quote if matter in _RHYTHMS else "每月报告一次，不少于2次"
        text += f"{place}.办理{word}事项之{place}，{quoted}。"
        note = len(text)
        text += f"（责任单位：{name}）\n"
        items.append(
            replace(
                _item(f"{code}-{place:02}", str(place), matter, (start, len(text)), (note, len(text))),
                title=f"办理{word}事项之{place}",
                leads=(PrintedUnit(name, code),),
                responsibility=f"责任单位：{name}",
            )
        )
    return Reading(
        number=number,
        title=f"关于{word}的批示",
        issuer=None,
        issued_on=date(2022, 8, 24),
        effective_on=None,
        expires_on=None,
        text=text,
        items=tuple(items),
        declared=(Span(0, len(head), SpanRole.HEADING),),
        origin=Origin.INTERNAL,
    )


def _item(code: str, label: str, matter: str, span: tuple[int, int], note: tuple[int, int]) -> Item:
    both = Bound(Bearer.BOTH)
    target = Target("次数", ">=", 2, "不少于2次", "次", "年", Measure.CUMULATIVE, both)
    monthly = Cadence(CadenceKind.MONTHLY, Basis.STATED, 1, "每月报告一次", both)
    item = Item(
        code=code,
        label=label,
        kind=ItemKind.ACTION,
        title="",
        span=span,
        lead_basis=LeadBasis.EXPLICIT,
        responsibility="",
        responsibility_span=note,
        cadences=(_RHYTHMS.get(matter, monthly),),
        targets=() if matter in _RHYTHMS else (target,),
    )
    if matter in ("waiting", "running"):
        return replace(item, kind=ItemKind.RESPONSE_STEP, level="IV")
    if matter in _SUPPORTED:
        groups = (_COUNTIES,) if matter == "working" else ()
        return replace(item, supports=(PrintedUnit("市统计局", "tjj"),), groups=groups)
    return item


def other_document(word: str, *, number: str) -> Reading:
    """Return a document that no unit may see yet, in the words of the small one."""
    return replace(small_reading(number=number), title=f"{word}工作方案")
