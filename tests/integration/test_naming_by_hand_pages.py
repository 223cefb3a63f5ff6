"""Nobody is praised or criticised by name in words that somebody typed into a paper."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html
from sqlalchemy import update
from sqlmodel import col

from tests.support.audience_city import SWJ, AudienceCity, own_audience_city
from tests.support.naming_pages import (
    DRAFTED_AT,
    act_on,
    drafted_by_page,
)
from tests.support.readings import NUMBER
from tracker.domain.circulars.named_by_hand import NamedByHand
from tracker.editions import content_kept
from tracker.steps.naming_by_hand import check_named_by_hand
from tracker.store.queries.typed_judgements import Judgements, judgements
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.units import UnitRow


@pytest.fixture
def city(tmp_path: Path) -> Iterator[AudienceCity]:
    with own_audience_city(tmp_path, at=DRAFTED_AT) as made:
        yield made


_BY_HAND = {"blame": "市商务局领导不重视、推进不力，予以通报批评。", "praise": "市统计局工作成效突出，予以表扬。"}


def _saved(city: AudienceCity, id_: int, **fields: str) -> str:
    """Save a draft with its words as they stand and some fields of its form changed; return what is said of it."""
    with city.site.services.database.reading() as session:
        row = session.get_one(CircularRow, id_)
    form = {"version": str(row.version), "title": row.title, "text": [str(one[1]) for one in row.statements], **fields}
    with city.site.client("office") as office:
        answer = office.post(f"/circulars/{id_}/edit", data=form, follow_redirects=True)
    return str(html.document_fromstring(answer.get_data(as_text=True)).text_content())


@pytest.mark.parametrize("act", sorted(_BY_HAND))
def test_nobody_is_praised_or_criticised_by_words_that_somebody_typed(city: AudienceCity, act: str) -> None:
    id_, _key = drafted_by_page(city)
    words = _BY_HAND[act]
    for fields in (
        {"added": words, "cited": f"{NUMBER}一1"},
        {"added": words.replace("市商务局", SWJ).replace("市统计局", "驻马店市统计局"), "cited": f"{NUMBER}一1"},
        {"title": words.rstrip("。")},
        {"note": words},
        {"addressees": words},
        {"copies": words.rstrip("。")},
        {"note": words.replace("批评", "批 评").replace("表扬", "表\u3000扬")},
    ):
        assert "须先送该单位核对" in _saved(city, id_, **fields), fields
    assert "已保存修改" not in _saved(city, id_, urgency=words), "it is one of a few words"
    assert "已保存修改" in _saved(city, id_, added="本月未点名批评任何单位。", cited=f"{NUMBER}一1")


def test_a_figure_that_lists_units_is_not_turned_into_criticism(city: AudienceCity) -> None:
    id_, _key = drafted_by_page(city)
    with city.site.services.database.reading() as session:
        row = session.get_one(CircularRow, id_)
        content = content_kept(city.site.services, session, row)
    assert content is not None
    said = [str(one[1]) for one in row.statements]
    lists = [n for n, words in enumerate(said) if "{" in words and "市商务投资局" in content.fill(words)]
    assert lists, "a sentence that lists who is overdue"
    said[lists[0]] = f"{said[lists[0]].rstrip('。')}，予以通报批评。"
    assert "须先送该单位核对" in _saved(city, id_, text=said)  # type: ignore[arg-type]  # one field for each paragraph


def test_what_was_typed_before_goes_no_further(city: AudienceCity) -> None:
    """A draft that was written before such words were refused, or approved, is stopped at each later step."""
    id_, _key = drafted_by_page(city)
    steps: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("office", "submit", {}),
        ("leader", "approve", {"basis": "同意"}),
        ("office", "issue", {}),
    )
    for login, act, fields in steps:
        _typed(city, id_, _BY_HAND["blame"])
        with city.site.client(login) as client:
            assert "须先送该单位核对" in act_on(city, client, id_, act, **fields)
        _typed(city, id_, "")
        with city.site.client(login) as client:
            act_on(city, client, id_, act, **fields)
    with city.site.services.database.reading() as session:
        assert session.get_one(CircularRow, id_).state == "issued"


def _typed(city: AudienceCity, id_: int, words: str) -> None:
    """Put a paragraph by hand at a paper's end past the use case, or take it away."""
    with city.site.services.database.transaction() as session:
        kept = [one for one in session.get_one(CircularRow, id_).statements if len(one) < 3]
        changed = [*kept, [0, words, [f"{NUMBER}一1"]]] if words else kept
        session.execute(update(CircularRow).where(col(CircularRow.id) == id_).values(statements=changed))


def test_what_was_read_before_an_act_holds_while_words_and_names_are_the_same(city: AudienceCity) -> None:
    """Under the locks of the act nothing is read twice, and what changed since is."""
    id_, _key = drafted_by_page(city)
    _typed(city, id_, _BY_HAND["blame"])
    database, services = city.site.services.database, city.site.services

    def read(known: Judgements | None) -> Judgements:
        with database.reading() as session:
            row = session.get_one(CircularRow, id_)
            found = judgements(session, row, content_kept(services, session, row), known=known)
        assert found is not None
        return found

    known = read(None)
    assert [one.unit for one in known.found] == ["市商务局"]
    assert read(known) is known
    with database.transaction() as session:
        session.execute(update(UnitRow).where(col(UnitRow.code) == "tjj").values(short_name="市新统计局"))
    assert (renamed := read(known)) is not known
    _typed(city, id_, _BY_HAND["praise"].replace("市统计局", "市新统计局"))
    assert [one.unit for one in read(renamed).found] == ["市新统计局"]
    with database.reading() as session:
        row = session.get_one(CircularRow, id_)
        content = content_kept(services, session, row)
        unread = replace(read(None), found=())
        check_named_by_hand(session, row, content, at=DRAFTED_AT, known=unread)
        with pytest.raises(NamedByHand):
            check_named_by_hand(session, row, content, at=DRAFTED_AT, known=replace(unread, told=()))
