"""Files beside an answer to a served paper and a leader's instruction: kept, refused, read by whom they are for."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.audience_city import AudienceCity, own_audience_city
from tests.support.office import BY, LATE
from tests.support.site import post
from tracker.auditing import table_findings
from tracker.domain.accounts import EVERY_UNIT, SYSTEM, Actor, Role
from tracker.domain.entries import AttachedFile
from tracker.domain.events.downloads import FileFetched
from tracker.domain.instructions import Haste
from tracker.steps.instructions import repeat_standing
from tracker.store.queries.enclosures import Enclosure, enclosed_in_writings
from tracker.store.queries.readable_enclosures import enclosure_file
from tracker.store.queries.served_papers import ServedPaper, services_of_paper
from tracker.store.tables.enclosures import EnclosureRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.inquiries import InquiryRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UserRow
from tracker.usecases.instructing import Instruct, instruct

_WORDS = "9月份情况已于10月17日补报，原因是统计口径迟到。"
_TEXT = "补报凭证".encode()


@pytest.fixture
def city(tmp_path: Path) -> Iterator[AudienceCity]:
    with own_audience_city(tmp_path, at=LATE) as made:
        yield made


def _urge(city: AudienceCity) -> ServedPaper:
    with city.site.services.database.reading() as session:
        [paper] = services_of_paper(session, circular_id=city.papers["urge"], unit_ids=EVERY_UNIT)
    return paper


def _send(client: FlaskClient, page: str, action: str, *files: str, **fields: str) -> TestResponse:
    """Send a form as it stands on its page, with these words and files."""
    [form] = html.document_fromstring(client.get(page).get_data(as_text=True)).xpath("//form[@action=$a]", a=action)
    shown = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
    sent = {**shown, **fields, "file": [(BytesIO(_TEXT + name.encode()), name) for name in files]}
    return client.post(action, data=sent, headers={"Referer": f"http://localhost{page}"})


def _field(page: str, action: str, name: str) -> str:
    [field] = html.document_fromstring(page).xpath("//form[@action=$a]//*[@name=$n]", a=action, n=name)
    return str(field.get("value", "")) if field.tag == "input" else (field.text or "").strip()


def _agrees(city: AudienceCity) -> list[str]:
    of = ("served_paper", "enclosure")
    with city.site.services.database.reading() as session:
        return [f"{one.kind} {one.facts}" for one in table_findings(session) if one.facts.get("table") in of]


def test_a_refused_answer_leaves_its_good_files_in_the_box_with_their_numbers_filled_in(city: AudienceCity) -> None:
    paper = _urge(city)
    own, answer = f"/circulars/{paper.circular_id}", f"/served/{paper.served_id}/answer"
    with city.site.client("swj") as liaison:
        refused = _send(liaison, own, answer, "凭证.txt", "清单.txt", "程序.exe", paper_answer=_WORDS, not_secret="yes")
        page = refused.get_data(as_text=True)
        assert (refused.status_code, "程序.exe，请重新选择" in page, "所选文件已存入佐证箱" in page) == (
            400,
            True,
            True,
        )
        assert (_field(page, answer, "box"), _field(page, answer, "paper_answer")) == ("1、2", _WORDS)
        refused = _send(liaison, own, answer, "照片.txt", paper_answer=" ", box="1", not_secret="yes")
        page = refused.get_data(as_text=True)
        assert (refused.status_code, "请重新选择" in page, _field(page, answer, "box")) == (400, False, "1、3")
        undeclared = _send(liaison, own, answer, "别的.txt", paper_answer=_WORDS)
        assert (undeclared.status_code, "别的.txt，请重新选择" in undeclared.get_data(as_text=True)) == (400, True)
        assert _send(liaison, own, answer, paper_answer=_WORDS, box="1、3").status_code == 303
    assert [file.name for file in _urge(city).files] == ["凭证.txt", "照片.txt"]


def test_files_go_with_the_answer_and_are_read_by_the_office_once_the_head_has_signed(city: AudienceCity) -> None:
    paper = _urge(city)
    own, sign = f"/circulars/{paper.circular_id}", f"/served/{paper.served_id}"
    liaison, head, office, other = map(city.site.logged_in, ("swj", "swj-head", "office", "tjj"))
    sent = _send(liaison, own, f"{sign}/answer", "旧.txt", paper_answer=_WORDS, not_secret="yes")
    assert sent.status_code == 303
    assert post(liaison, f"{sign}/take-back", at=own).status_code == 303
    assert _field(liaison.get(own).get_data(as_text=True), f"{sign}/answer", "box") == "1"  # nothing is lost
    sent = _send(liaison, own, f"{sign}/answer", "新.txt", paper_answer=_WORDS, not_secret="yes")
    assert sent.status_code == 303
    [file] = _urge(city).files
    address = f"/enclosures/{file.enclosure_id}"
    assert (file.name, office.get(address).status_code) == ("新.txt", 404)
    assert liaison.get("/enclosures/1").status_code == 404  # an earlier wording
    assert f'href="{address}"' in head.get("/sign-off").get_data(as_text=True)
    shown = str(_urge(city).version)
    assert post(head, f"{sign}/sign", at="/sign-off", shown=shown).status_code == 303
    assert f'href="{address}"' in office.get(own).get_data(as_text=True)
    with office.get(address) as fetched:
        assert (fetched.status_code, fetched.data) == (200, _TEXT + "新.txt".encode())
    assert office.get(f"{address}/preview").status_code == 404  # a text is no picture
    assert other.get(address).status_code == 404
    with city.site.services.database.reading() as session:
        told = select(col(EventRow.payload)).where(col(EventRow.type) == FileFetched.type)
        assert ['"enclosure"' in one and file.sha256 in one for one in session.scalars(told)] == [True]
    assert _agrees(city) == []


@pytest.mark.parametrize(
    "changed", [{"out_at": LATE}, {"sha256": "0" * 64}, {"name": "另一.txt"}, {"put_by": "某人"}, {"served_id": 1}]
)
def test_what_somebody_changes_of_a_file_past_the_program_is_found(
    city: AudienceCity, changed: dict[str, object]
) -> None:
    paper = _urge(city)
    own, answer = f"/circulars/{paper.circular_id}", f"/served/{paper.served_id}/answer"
    with city.site.client("swj") as liaison:
        assert _send(liaison, own, answer, "甲.txt", paper_answer=_WORDS, not_secret="yes").status_code == 303
    assert (_agrees(city), paper.served_id != 1) == ([], True)
    with city.site.services.database.transaction() as session:
        row = session.scalars(select(EnclosureRow)).one()
        for name, value in changed.items():
            setattr(row, name, value)
    assert len(_agrees(city)) == 1


def _instruct(city: AudienceCity, *files: AttachedFile, at: datetime) -> int:
    """Let the leader instruct a share weekly; return the unit that is asked."""
    with city.site.services.database.transaction() as session:
        leader = session.scalars(select(UserRow).where(col(UserRow.role) == Role.LEADER.value)).first()
        share = session.scalars(select(AssignmentRow).where(col(AssignmentRow.state) != "proposed")).first()
        assert leader is not None
        assert share is not None
        command = Instruct(
            task_id=share.task_id,
            shares=[share.id or 0],
            words="每周报一次进展。",
            given_on=at.date(),
            haste=Haste.STANDING,
            files=files,
        )
        actor = Actor(leader.id, leader.name, Role.LEADER)
        instruct(session, command, actor=actor, at=at, by=BY)
        return share.unit_id


def test_a_scan_is_read_by_whom_the_instruction_is_read_by_and_goes_with_its_next_week(city: AudienceCity) -> None:
    kept = city.site.services.evidence.store(BytesIO(_TEXT))
    scan = AttachedFile(kept.sha256, "批示件.txt", kept.size_bytes, "text/plain")
    unit_id = _instruct(city, scan, at=LATE)
    database = city.site.services.database
    with database.transaction() as session:
        assert repeat_standing(session, now=LATE + timedelta(days=30), by=BY) == 1
    with database.reading() as session:
        writings = session.scalars(select(col(InquiryRow.id)).where(col(InquiryRow.haste) == "standing")).all()
        found = enclosed_in_writings(session, [id_ or 0 for id_ in writings])
        files = [one for id_ in writings for one in found[id_ or 0]]
        assert [one.name for one in files] == ["批示件.txt", "批示件.txt"]
        others = frozenset(range(1, 99)) - {unit_id}

        def read(unit_ids: object) -> list[Enclosure | None]:
            return [enclosure_file(session, enclosure_id=one.enclosure_id, unit_ids=unit_ids) for one in files]  # type: ignore[arg-type] # a scope

        assert (read(EVERY_UNIT), read({unit_id}), read(others)) == (files, files, [None, None])
        by = session.scalars(select(col(EnclosureRow.put_by)).order_by(col(EnclosureRow.id))).all()
        assert by[-1] == SYSTEM.name
    assert _agrees(city) == []


def test_the_office_lays_the_scan_beside_what_it_writes_down_and_a_refused_form_asks_for_it_again(
    city: AudienceCity,
) -> None:
    with city.site.services.database.reading() as session:
        share = session.scalars(select(AssignmentRow).where(col(AssignmentRow.state) != "proposed")).first()
        leader = session.scalars(select(UserRow).where(col(UserRow.role) == Role.LEADER.value)).first()
        assert share is not None
        assert leader is not None
    page = f"/tasks/{share.task_id}/instruct"
    fields = {"words": "请说明原因。", "given_on": LATE.date().isoformat(), "haste": "urgent", "leader": str(leader.id)}
    with city.site.client("office") as office:
        given = {**fields, "asked": str(share.id)}
        refused = _send(office, page, page, "批示件.txt", **given)
        assert (refused.status_code, "不含国家秘密" in refused.get_data(as_text=True)) == (400, True)
        refused = _send(office, page, page, "批示件.txt", **fields, not_secret="yes")
        assert (refused.status_code, "附件没有留下" in refused.get_data(as_text=True)) == (400, True)
        assert _send(office, page, page, "批示件.txt", **given, not_secret="yes").status_code == 303
        assert "批示件.txt" in office.get(f"/tasks/{share.task_id}").get_data(as_text=True)
