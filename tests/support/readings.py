"""A small document and a small city, for tests that are not about the real ones."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from tracker.domain.items import Basis, CadenceKind, ItemKind, LeadBasis, Measure, SpanRole
from tracker.domain.readings.coverage import Span
from tracker.domain.readings.demands import Cadence, Target
from tracker.domain.readings.item import Item, PrintedGroup, PrintedUnit
from tracker.domain.readings.reading import Reading
from tracker.domain.units import Alias, Group, Unit, UnitKind, UnitRegistry

NUMBER = "驻政办〔2022〕99号"
TEXT = (
    "一、主要任务\n"
    "1.每月通报一次招商情况，全年不少于2次。（责任单位：市商务局、市统计局，各县区人民政府）\n"
    "2.发生疫情后24小时内报告。（责任单位：市卫健体委）"
)


def small_registry() -> UnitRegistry:
    """Three bureaus and two counties."""
    bureaus = [
        Unit("swj", "驻马店市商务局", "市商务局", UnitKind.CITY_DEPARTMENT, 10),
        Unit("tjj", "驻马店市统计局", "市统计局", UnitKind.CITY_DEPARTMENT, 20),
        Unit(
            "wjw",
            "驻马店市卫生健康体育委员会",
            "市卫生健康体育委",
            UnitKind.CITY_DEPARTMENT,
            30,
            (Alias("市卫健体委"),),
        ),
    ]
    counties = [
        Unit("yc", "驿城区人民政府", "驿城区", UnitKind.LOWER_GOVERNMENT, 40),
        Unit("sp", "遂平县人民政府", "遂平县", UnitKind.LOWER_GOVERNMENT, 50),
    ]
    return UnitRegistry([*bureaus, *counties], groups=[Group("counties", ("各县区人民政府",), ("yc", "sp"))])


def small_reading(*, number: str = NUMBER, expires_on: date | None = None) -> Reading:
    """A document issued on 2022-08-24: one monthly task with lead, support and group, one that waits."""
    first, second = TEXT.index("1."), TEXT.index("2.")
    note, last_note = TEXT.index("（责任"), TEXT.rindex("（责任")
    monthly = Item(
        code=f"{number[-3:-1]}-01",
        label="一1",
        kind=ItemKind.ACTION,
        title="每月通报一次招商情况",
        span=(first, second - 1),
        lead_basis=LeadBasis.FIRST_LISTED,
        responsibility="责任单位：市商务局、市统计局，各县区人民政府",
        responsibility_span=(note, second - 1),
        leads=(PrintedUnit("市商务局", "swj"),),
        supports=(PrintedUnit("市统计局", "tjj"),),
        groups=(PrintedGroup("各县区人民政府", ("yc", "sp")),),
        cadences=(Cadence(CadenceKind.MONTHLY, Basis.STATED, 1, "每月通报一次"),),
        targets=(Target("通报次数", ">=", 2, "全年不少于2次", "次", "年", Measure.CUMULATIVE),),
    )
    waiting = Item(
        code=f"{number[-3:-1]}-02",
        label="一2",
        kind=ItemKind.RESPONSE_STEP,
        level="IV",
        title="发生疫情后24小时内报告",
        span=(second, len(TEXT)),
        lead_basis=LeadBasis.EXPLICIT,
        responsibility="责任单位：市卫健体委",
        responsibility_span=(last_note, len(TEXT)),
        leads=(PrintedUnit("市卫健体委", "wjw"),),
        cadences=(Cadence(CadenceKind.WITHIN_HOURS, Basis.STATED, 24, "24小时内"),),
    )
    return Reading(
        number=number,
        title="招商工作方案",
        issuer="驻马店市人民政府办公室",
        issued_on=date(2022, 8, 24),
        effective_on=None,
        expires_on=expires_on,
        text=TEXT,
        items=(monthly, waiting),
        declared=(Span(0, first, SpanRole.HEADING),),
    )


def edition_of(reading: Reading, *, number: str, without: Collection[str] = ()) -> Reading:
    """Return a new edition of a document that leaves out the items of these labels; its codes begin with its year."""
    year = number[number.index("〔") + 1 : number.index("〕")]
    items = tuple(
        replace(item, code=f"{year}-{number[number.index('〕') + 1 : -1]}-{place:02}")
        for place, item in enumerate(reading.items, 1)
        if item.label not in without
    )
    dropped = tuple(Span(*item.span, SpanRole.CLOSING) for item in reading.items if item.label in without)
    return replace(reading, number=number, items=items, declared=(*reading.declared, *dropped))
