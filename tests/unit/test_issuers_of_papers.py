"""Who issues a paper is no addressee of it, is not ordered by it, and is not named in it, on random cities."""

import random
import re

import pytest

from tests.support.circulars import mixed_city_facts
from tests.support.office import CALENDAR
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.issuers import (
    OrdersItsIssuers,
    check_says_it_to_others,
    for_others,
    readdressed,
    reworded,
)
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.paragraphs import Paragraph
from tracker.domain.circulars.salutation import printed
from tracker.paper.circulars import word
from tracker.paper.letterheads import letterhead


def _order(kind: CircularType = CircularType.NOTICE) -> Content:
    city, _orderable = mixed_city_facts(random.Random(5), forms=60, units=9)
    return compute(kind, city, scope=Scope(document=city.tasks[0].document), calendar=CALENDAR)


def _sentences(content: Content) -> list[tuple[int, str]]:
    return list(word(content, letterhead(content.type)).statements)


def _said(content: Content) -> str:
    return "\n".join(content.fill(words) for _level, words in _sentences(content))


@pytest.mark.parametrize("kind", [CircularType.NOTICE, CircularType.ASSIGNMENT])
def test_an_issuer_is_no_addressee(kind: CircularType) -> None:
    content = _order(kind)
    issuer = content.goes_to[0]
    told = for_others(content, {issuer})
    assert told.goes_to == content.goes_to[1:]
    assert told.counts["addressed"] == len(content.goes_to) - 1
    assert for_others(content, {"驻马店市人民政府办公室"}) == content


def test_an_issuer_is_not_ordered_to_report_to_itself() -> None:
    content = _order()
    owing = [source.unit for source in content.figures["called_in"].sources]
    issuer = owing[0]
    told = for_others(content, {issuer})
    left = [unit for unit in owing if unit != issuer]
    assert issuer not in {source.unit for source in told.figures["called_in"].sources}
    listed = "、".join(f"{unit}{left.count(unit)}份" for unit in dict.fromkeys(left))
    assert f"逾期的{len(left)}份反馈（{listed}），要于" in _said(told)


def test_where_nobody_else_owes_anything_nothing_is_called_in() -> None:
    content = _order()
    owing = {source.unit for source in content.figures["called_in"].sources}
    told = for_others(content, owing)
    assert len(told.goes_to) > 0
    assert "补报或者补正" not in _said(told)


def test_a_paper_to_its_issuers_alone_is_refused() -> None:
    content = _order()
    issuers = set(content.goes_to)
    with pytest.raises(OrdersItsIssuers):
        check_says_it_to_others(content, for_others(content, issuers), issuers)


def test_addressees_that_were_typed_stay_and_an_issuer_comes_back_when_it_is_dropped() -> None:
    content = _order()
    issuer = content.goes_to[1]
    told = for_others(content, {issuer})
    assert readdressed(printed(content.goes_to), content, told) == printed(told.goes_to)
    assert readdressed(printed(told.goes_to), told, content) == printed(content.goes_to)
    assert readdressed(f"各科室、{issuer}", content, told) == "各科室"
    assert readdressed("各科室", told, content) == f"各科室、{issuer}"


def test_sentences_of_the_template_change_and_what_was_typed_stays() -> None:
    content = _order()
    owing = {source.unit for source in content.figures["called_in"].sources}
    before, now = _sentences(content), _sentences(for_others(content, owing))
    told = [Paragraph(level, words) for level, words in before]
    assert [(one.level, one.words) for one in reworded(told, before, now)] == now
    by_hand = Paragraph(0, "市交通运输局要抓紧推进。", ("驻政办〔2022〕48号第1条",))
    changed = [by_hand, Paragraph(0, "请认真办理。"), *told[1:]]
    assert reworded(changed, before, now)[:2] == changed[:2]


@pytest.mark.parametrize("seed", range(6))
def test_what_an_issuer_owes_is_counted_and_named_nowhere(seed: int) -> None:
    city, _orderable = mixed_city_facts(random.Random(seed), forms=60, units=9)
    content = compute(CircularType.SUPERVISION, city, scope=Scope(), calendar=CALENDAR)
    owing = {one.unit for key in ("behind_list", "past_list", "late_list") for one in content.figures[key].sources}
    for issuer in {name for units in owing for name in units.split("、")}:
        told = for_others(content, {issuer})
        lists = ("behind_list", "behind_units", "late_list", "unreceived_list", "unfit_list")
        assert not any(re.search(rf"(?:^|[；、]){issuer}(?:\d|、|$)", told.figures[key].words) for key in lists)
        assert all(issuer not in one.split("承办的")[0] for one in told.figures["past_list"].words.split("；"))
        own = sum(one.unit == issuer for one in content.figures["behind_list"].sources)
        assert told.counts["blamed"] + told.counts.get("issuers_overdue", 0) == content.counts["blamed"]
        assert told.counts.get("issuers_overdue", 0) == own
        assert (f"{own}份由联合印发单位承办，不在此列名" in _said(told)) is bool(own)
        held = ("overdue", "items_behind", "came_late", "unreceived")
        rows = [row for table in told.tables if table.kind in held for row in table.rows]
        assert not any(issuer in row[1].split("、") for row in rows)
        _numbered(told)


def _numbered(content: Content) -> None:
    for table in content.tables:
        numbers = [row[0] for row in table.rows if row[0].isdecimal()]
        assert numbers == [str(n) for n in range(1, len(numbers) + 1)]


def test_whoever_alone_is_behind_and_issues_the_paper_orders_itself_nothing() -> None:
    city, _orderable = mixed_city_facts(random.Random(5), forms=60, units=9)
    content = compute(CircularType.SUPERVISION, city, scope=Scope(), calendar=CALENDAR)
    told = for_others(content, {one.unit for one in content.figures["behind_list"].sources})
    assert "{answer_by}" in "".join(words for _level, words in _sentences(content))
    assert "{answer_by}" not in "".join(words for _level, words in _sentences(told))
