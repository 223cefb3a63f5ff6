"""A draft that can go out no more says why, and is made anew by one press that keeps what somebody wrote."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.audience_city import AudienceCity, own_audience_city
from tests.support.joint_draft import JTJ
from tests.support.naming_pages import AFTER, DRAFTED_AT, act_on, drafted_by_page, naming_row, page_of, text_of
from tests.support.readings import NUMBER
from tracker.auditing import table_findings
from tracker.domain.circulars.paragraphs import paragraphs
from tracker.store.tables.circulars import CircularRow

_BY_HAND = "据现场核实，该项前期手续正在办理。"
_TITLE = "关于重点工作推进情况的通报（第三季度）"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[AudienceCity]:
    with own_audience_city(tmp_path, at=DRAFTED_AT) as made:
        yield made


def _row(city: AudienceCity, id_: int) -> CircularRow:
    with city.site.services.database.reading() as session:
        return session.get_one(CircularRow, id_)


def _newest(city: AudienceCity) -> int:
    with city.site.services.database.reading() as session:
        return max(id_ or 0 for id_ in session.scalars(select(col(CircularRow.id))))


def _issued(city: AudienceCity, id_: int) -> str:
    """Let a paper go out by its page; return its number."""
    basis = {"basis": "同意"}
    for login, act, fields in (("office", "submit", {}), ("leader", "approve", basis), ("office", "issue", {})):
        with city.site.client(login) as client:
            act_on(city, client, id_, act, **fields)
    return _row(city, id_).number or ""


def _written(city: AudienceCity, id_: int) -> tuple[str, str]:
    """Write a title, a paragraph by hand and a reworded sentence into a draft; return that one and what it was."""
    row = _row(city, id_)
    text = [str(one[1]) for one in row.statements]
    at = next(n for n, one in enumerate(text) if "没有新的经审核认可的进展" in one)
    was, text[at] = text[at], f"总的看，{text[at]}"
    form = {
        "title": _TITLE,
        "addressees": row.addressees,
        "copies": row.copies,
        "note": "联系人：王明",
        "urgency": "加急",
    }
    with city.site.client("office") as office:
        added = {"added": _BY_HAND, "cited": f"{NUMBER}一1", "added_after": str(at + 1)}
        said = act_on(city, office, id_, "edit", **form, text=text, **added)  # type: ignore[arg-type]  # many of one name
    assert "已保存修改" in said
    return text[at], was


def test_an_overtaken_draft_says_by_what_and_is_made_anew_with_what_was_written(city: AudienceCity) -> None:
    second, key = drafted_by_page(city)
    reworded, was = _written(city, second)
    first, _key = drafted_by_page(city)
    with city.site.client("office") as office:
        act_on(city, office, second, "name-co-issuer", organ=JTJ)
        page = page_of(office, f"/circulars/{second}")
        assert page.xpath("//form[contains(@action, '/name-co-issuer')]")
        assert page.xpath("//form[contains(@action, '/ask-countersigns')]")
        act_on(city, office, second, "serve-namings", proposal=key)
    number = _issued(city, first)
    city.site.clock.at = AFTER
    with city.site.client("office") as office:
        page = page_of(office, f"/circulars/{second}")
        [note] = page.xpath("//div[@role='alert'][contains(., '按现在的数据重拟')]")
        assert [one.text_content() for one in note.xpath(f".//a[@href='/circulars/{first}']")] == [number]
        assert not page.xpath("//form[contains(@action, '/submit') or contains(@action, '/serve-namings')]")
        assert not page.xpath("//form[contains(@action, '/edit')]")
        assert not page.xpath("//form[contains(@action, '/name-co-issuer') or contains(@action, '/ask-countersigns')]")
        assert not page.xpath("//form[contains(@action, '/co-issuers/')]")
        refused = act_on(city, office, second, "submit")
        assert f"{number}已经印发" in refused
        assert "按现在的数据重拟" in refused
        assert "原稿所写文字已经带入" in act_on(city, office, second, "redraft")
        new = _row(city, _newest(city))
        assert (new.title, new.note, new.urgency, new.state) == (_TITLE, "联系人：王明", "加急", "draft")
        assert (new.previous_id, new.redrafted_from_id, new.left_behind) == (first, second, None)
        told = paragraphs(new.statements)
        place = next(n for n, one in enumerate(told) if one.words == reworded)
        assert was not in [one.words for one in told]
        assert (told[place + 1].words, told[place + 1].cited) == (_BY_HAND, (f"{NUMBER}一1",))
        assert office.get(f"/circulars/{second}").headers["Location"].endswith(f"/circulars/{new.id}")
        assert "已送批" in act_on(city, office, new.id or 0, "submit")
    old = _row(city, second)
    assert (old.state, _TITLE in (old.closed_because or "")) == ("discarded", True)
    with city.site.services.database.reading() as session:
        assert [one for one in table_findings(session) if one.facts.get("table") in ("circular", "naming")] == []


def test_who_was_to_be_named_hears_that_the_draft_is_made_anew(city: AudienceCity) -> None:
    id_, key = drafted_by_page(city)
    with city.site.client("office") as office:
        act_on(city, office, id_, "serve-namings", proposal=key)
        act_on(city, office, id_, "include-naming", proposal=key)
        act_on(city, office, id_, "redraft")
    naming = naming_row(city)
    assert naming.state == "ended"
    assert key not in str(_row(city, _newest(city)).statements), "it is served anew before it names anybody"
    with city.site.client("swj") as liaison:
        assert "重拟稿仍拟写入的，另行送核" in text_of(liaison, f"/namings/{naming.id}")


def test_what_the_new_draft_cannot_say_stands_beside_it(city: AudienceCity) -> None:
    id_, _key = drafted_by_page(city)
    with city.site.services.database.transaction() as session:
        row = session.get_one(CircularRow, id_)
        row.statements = [
            *row.statements,
            [0, "旧模板的一段改写过的话。"],
            [0, "人写的话。", ["驻政办〔2022〕999号一1"]],
        ]
    with city.site.client("office") as office:
        act_on(city, office, id_, "redraft")
        page = text_of(office, f"/circulars/{_newest(city)}")
    new = _row(city, _newest(city))
    assert new.left_behind == ["旧模板的一段改写过的话。", "人写的话。（人工撰写，所依据事项：驻政办〔2022〕999号一1）"]
    assert "除下列各项外已经带入" in page
    assert all(words in page for words in new.left_behind)
    assert "人写的话" not in str(new.statements)


def test_of_what_was_issued_in_the_instant_of_the_draft_a_paper_begins_after_it(city: AudienceCity) -> None:
    """The clock of a demonstration stands still while somebody works."""
    first, _key = drafted_by_page(city)
    number = _issued(city, first)
    second, _key = drafted_by_page(city)
    assert _row(city, second).previous_id == first
    with city.site.client("office") as office:
        assert number in text_of(office, f"/circulars/{second}")
        assert "已送批" in act_on(city, office, second, "submit")


def test_before_a_paper_is_withdrawn_its_page_says_which_one_begins_where_it_ends(city: AudienceCity) -> None:
    first, _key = drafted_by_page(city)
    _issued(city, first)
    city.site.clock.at = AFTER
    second, _key = drafted_by_page(city)
    with city.site.client("leader") as leader:
        assert "不再有文稿通报" not in text_of(leader, f"/circulars/{first}")
    number = _issued(city, second)
    with city.site.client("leader") as leader:
        page = page_of(leader, f"/circulars/{first}")
        [note] = page.xpath("//p[@class='note'][contains(., '不再有文稿通报')]")
        assert [one.text_content() for one in note.xpath(".//a")] == [number]
