"""What the office asks where a document says nothing bears the office's name, not the document's."""

from dataclasses import replace

from tests.support.readings import small_reading
from tracker.domain.items import Basis, CadenceKind, ItemKind
from tracker.domain.readings.defaults import with_defaults
from tracker.domain.readings.frames import frame_of


def test_what_the_office_asks_besides_says_so() -> None:
    reading = small_reading()
    item = replace(reading.items[0], kind=ItemKind.INDICATOR, title="每月召开推进会", cadences=(), evidence=())
    cadences, evidence = with_defaults(item, frame_of(reading))
    assert [(cadence.kind, cadence.basis) for cadence in cadences] == [(CadenceKind.QUARTERLY, Basis.DEFAULT)]
    assert [(asked.what, asked.basis, asked.mandatory) for asked in evidence] == [
        ("会议纪要或会议通知", Basis.DEFAULT, False),
        ("指标值及数据来源", Basis.DEFAULT, True),
    ]
