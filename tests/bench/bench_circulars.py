"""Writing circulars: a long annex, a very long one, many short notices; the floor writes the same XML as strings."""

import random
import zipfile
from datetime import date
from functools import partial
from io import BytesIO

from tests.bench.measuring import Measurement, paired
from tests.support.circulars import city_facts
from tests.support.office import CALENDAR
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.kinds import CircularType
from tracker.paper.circulars import compose, word
from tracker.paper.documents import Annex, Column, OfficialDocument
from tracker.paper.letterheads import letterhead
from tracker.paper.official import render

_COLUMNS = tuple(Column(f"第{n}列", 1474) for n in range(6))


def measure() -> list[Measurement]:
    found = []
    seconds = {}
    for rows, bound, rounds in ((1_000, 4, 9), (10_000, 3, 5)):
        document = _long(rows)
        made = render(document)
        parts = _parts(made)
        took, floor = paired(partial(render, document), partial(_zip, parts), rounds=rounds)
        seconds[rows] = took
        found.append(
            Measurement(f"20 pages and an annex of {rows:,} rows", took, "zipping the same parts", floor, bound)
        )
    found.append(Measurement("10,000 rows against 1,000", seconds[10_000], "1,000 rows", seconds[1_000], 12))
    notices = _notices(90)
    ready = [_parts(render(notice)) for notice in notices]
    took, floor = paired(
        lambda: [render(notice) for notice in notices], lambda: [_zip(parts) for parts in ready], rounds=5
    )
    found.append(Measurement("90 notices of one page", took, "zipping the same parts", floor, 2))
    return found


def _long(rows: int) -> OfficialDocument:
    made = random.Random(1)
    cells = tuple(tuple(f"{made.choice('市县区')}{n}号事项第{c}项内容" for c in range(6)) for n in range(rows))
    body = tuple((0, "各单位要对照原文要求，按期如实报送，附齐佐证；" * 6) for _ in range(300))
    return OfficialDocument(
        mark="驻马店市人民政府办公室文件",
        number="驻政办督〔2022〕1号",
        title="驻马店市人民政府办公室关于重点工作推进情况的督查通报",
        body=body,
        signature="驻马店市人民政府办公室",
        dated_on=date(2022, 11, 1),
        addressees="各县区",
        print_office="驻马店市人民政府办公室",
        annexes=(Annex("事项清单", _COLUMNS, cells),),
    )


def _notices(count: int) -> list[OfficialDocument]:
    head = letterhead(CircularType.URGE)
    facts = city_facts(random.Random(3), forms=6, units=3)
    found = []
    for n in range(count):
        scope = Scope(unit=f"市第{n}局")
        content = compute(CircularType.URGE, facts, scope=scope, calendar=CALENDAR)
        draft = word(content, head)
        found.append(compose(draft, content, head, number=head.number(2022, n + 1), dated_on=date(2022, 11, 1)))
    return found


def _parts(docx: bytes) -> list[tuple[str, str]]:
    with zipfile.ZipFile(BytesIO(docx)) as package:
        return [(name, package.read(name).decode()) for name in package.namelist()]


def _zip(parts: list[tuple[str, str]]) -> bytes:
    """Write the finished strings as a package: what nobody can do without."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts:
            made.writestr(name, content)
    return packed.getvalue()
