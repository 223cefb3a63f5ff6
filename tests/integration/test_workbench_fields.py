"""What a save on the workbench leaves alone: all that the page does not show and all that nobody changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml.html import HtmlElement, fromstring
from sqlalchemy import select
from sqlmodel import col
from werkzeug.datastructures import MultiDict

from tests.support.databases import fresh_sqlite
from tests.support.eight_documents import REGISTRY, readings
from tests.support.office import OFFICE
from tests.support.site import Site, post
from tracker.domain.items import Basis, Bearer, Measure
from tracker.domain.readings.corrections import confirm_item, replace_item
from tracker.domain.readings.demands import Bound
from tracker.domain.readings.item import DoubtField, Item
from tracker.domain.readings.reading import Reading
from tracker.intake import read_documents
from tracker.store.tables.drafts import DraftRow
from tracker.store.tables.events import EventRow
from tracker.usecases.drafting import upload_draft
from tracker.web.demand_rows import demand_rows
from tracker.web.draft_forms import read_correction
from tracker.web.draft_items import ItemForm, edited, shown_fields
from tracker.web.forms import RefusedForm

AT = datetime(2022, 9, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


def _forms(client: FlaskClient, draft_id: int) -> Iterator[HtmlElement]:
    """Yield each item's form of a draft as its pages hold it."""
    page: str | None = f"/drafts/{draft_id}"
    while page:
        document = fromstring(client.get(page).get_data(as_text=True))
        yield from (form for form in document.forms if "targets" in form.fields)
        page = next(iter(document.xpath("//a[text()='下一页']/@href")), None)


def _sent(form: HtmlElement) -> MultiDict[str, str]:
    """Return what a browser sends of a form that nobody touched."""
    return MultiDict((name, value.replace("\n", "\r\n")) for name, value in form.form_values())


def _as_read(reading: Reading) -> Reading:
    """Return a document as the intake reads it, with its doubts."""
    return next(draft for draft in read_documents(reading.text) if draft.items)


@pytest.mark.parametrize("number", sorted(readings()))
def test_each_item_of_the_eight_documents_is_as_it_was_after_a_save_that_changed_nothing(
    site: Site, number: str
) -> None:
    drafts = [readings()[number], _as_read(readings()[number])]
    with site.services.database.transaction() as session:
        ids = [
            upload_draft(session, draft, file_name=f"{n}.txt", file_sha256="", actor=OFFICE, at=AT)
            for n, draft in enumerate(drafts)
        ]
    with site.client("office") as office:
        for id_, draft in zip(ids, drafts, strict=True):
            places = set()
            for form in _forms(office, id_):
                sent = _sent(form)
                places.add(int(sent["item"]))
                with site.app.test_request_context(method="POST", data=sent):
                    asked = read_correction(sent | {"act": "edit"}, registry=lambda: REGISTRY)
                    assert asked.change(draft) == draft
            assert places == set(range(len(draft.items)))


def test_a_save_that_changes_nothing_writes_nothing_and_makes_nobody_a_hand(site: Site) -> None:
    with site.services.database.transaction() as session:
        upload_draft(session, next(iter(readings().values())), file_name="a", file_sha256="", actor=OFFICE, at=AT)
        session.get_one(DraftRow, 1).hands = []
    with site.client("office") as office:
        sent: dict[str, str | list[str]] = {**_sent(next(_forms(office, 1))).to_dict(flat=False)}
        answer = post(office, "/drafts/1/correct", at="/drafts/1", **sent, act="edit")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        assert "没有改动，草稿不变。" in office.get("/drafts/1").get_data(as_text=True)
    with site.services.database.reading() as session:
        row = session.get_one(DraftRow, 1)
        assert (row.version, row.hands) == (1, [])
        assert session.scalars(select(EventRow).where(col(EventRow.type) == "draft.corrected")).first() is None


def _form(item: Item, **said: Any) -> ItemForm:  # Any: fields of different kinds
    kept: dict[str, Any] = {
        **shown_fields(item),
        "kind": item.kind,
        "cadence": tuple(c.kind.value for c in item.cadences),
        **dict.fromkeys(("bearer", "named", "addressee", "measure", "per"), ()),
    }
    return ItemForm.model_construct(**{**kept, "deadline": item.deadline and item.deadline.on, **said})


def _with_all() -> tuple[Reading, int]:
    """Return a draft of which one item has demands of every kind, and doubts."""
    draft = _as_read(readings()["驻政办〔2022〕49号"])
    place = next(n for n, item in enumerate(draft.items) if len(item.targets) > 1 and item.evidence)
    return draft, place


def test_what_a_person_changed_is_in_doubt_no_more_and_the_rest_stays_so() -> None:
    draft, place = _with_all()
    item = draft.items[place]
    changed = edited(item, _form(item, supports="市统计局"))
    after = replace_item(draft, place, changed).items[place]
    fields = {entry.field for entry in item.confidence}
    assert {entry.field for entry in after.confidence} == fields - {DoubtField.SUPPORTS, DoubtField.UNITS}
    assert confirm_item(draft, place).items[place].confidence == ()


def test_a_target_that_is_corrected_keeps_whom_it_binds_and_how_it_is_measured() -> None:
    draft, place = _with_all()
    item = draft.items[place]
    first, *others = item.targets
    first = replace(first, measure=Measure.LEVEL, per="年", bound=Bound(Bearer.GROUP), quote=f"{first.quote}\n另起")
    item = replace(item, targets=(first, *others))
    lines = shown_fields(item)["targets"].split("\n")
    assert len(lines) == len(item.targets)
    head, value = lines[0].split("｜"), "77"
    lines[0] = "｜".join([*head[:2], value, *head[3:]])
    after = edited(item, _form(item, targets="\n".join([*lines, "新指标｜不低于｜3｜个｜原文"]))).targets
    assert after[0] == replace(first, value=77.0)
    assert after[1:-1] == tuple(others)
    assert (after[-1].metric, after[-1].measure) == ("新指标", None)
    turned = edited(item, _form(item, targets="\n".join(["｜".join([head[0], "低于", *head[2:]]), *lines[1:]])))
    assert turned.targets[0].measure is None


def test_a_deadline_or_rhythm_that_the_office_sets_is_its_own_and_a_collective_may_hold_a_comma() -> None:
    draft, place = _with_all()
    item = draft.items[place]
    after = edited(item, _form(item, cadence=("weekly",), groups="示范区、开发区管委会", label=""))
    assert [(c.kind.value, c.basis) for c in after.cadences] == [("weekly", Basis.DEFAULT)]
    assert [group.printed for group in after.groups] == ["示范区、开发区管委会"]
    assert after.label == item.label


def _rows(item: Item, **said: Any) -> dict[str, Any]:  # Any: fields of different kinds
    rows = [*demand_rows(item)]
    shown: dict[str, Any] = {
        "bearer": [row.bearer for row in rows],
        "named": [row.named for row in rows],
        "addressee": [row.addressee for row in rows if row.addressee is not None],
        "measure": [row.measure for row in rows if row.measure is not None],
        "per": [row.per for row in rows if row.per is not None],
    }
    return {name: tuple(values) for name, values in {**shown, **said}.items()}


def _bound_by(words: str) -> Item:
    head = "云泽市人民政府\n关于做好河道管理工作的通知\n云政〔2023〕8号\n2023年3月6日\n一、重点任务\n"
    return read_documents(f"{head}1.管好河道。{words}\n")[0].items[0]


def test_whom_a_demand_binds_to_whom_its_report_goes_and_how_its_number_counts_are_chosen_beside_it() -> None:
    item = _bound_by("各县、驿城区每月将进展报市水务局，新增泵站4座。（市财政局）")
    assert [row.named for row in demand_rows(item)] == ["各县、驿城区", "各县、驿城区"]
    assert [row.addressee for row in demand_rows(item)] == ["市水务局", None]
    assert edited(item, _form(item, **_rows(item))) == item
    changed = edited(
        item,
        _form(
            item,
            **_rows(
                item, bearer=("named", "lead"), named=("各县区；市统计局、市商务局", "各县、驿城区"), addressee=("",)
            ),
        ),
    )
    assert [one.printed for one in changed.cadences[0].bound.named] == ["各县区", "市统计局", "市商务局"]
    assert (changed.cadences[0].addressee, changed.targets[0].bound) == (None, Bound())
    counted = edited(item, _form(item, **_rows(item, measure=("per_period",), per=("月",), bearer=("both", "group"))))
    assert (counted.targets[0].measure, counted.targets[0].per) == (Measure.PER_PERIOD, "月")
    assert (counted.cadences[0].bound.bearer, counted.targets[0].bound.bearer) == (Bearer.BOTH, Bearer.GROUP)


def test_a_demand_that_is_to_bind_units_by_name_needs_their_names() -> None:
    item = _bound_by("每月清淤一次。（市财政局）")
    with pytest.raises(RefusedForm):
        edited(item, _form(item, **_rows(item, bearer=("named",))))
    written = edited(item, _form(item, **_rows(item, named=("市商务局",))))
    assert written.cadences[0].bound.bearer is Bearer.NAMED
    with pytest.raises(RefusedForm):
        edited(written, _form(written, **_rows(written, named=("",))))
    taken = edited(written, _form(written, **_rows(written, bearer=("lead",))))
    assert taken.cadences[0].bound == Bound()


def test_a_form_without_a_row_for_each_demand_leaves_whom_they_bind_as_it_is() -> None:
    item = _bound_by("各县区每月清淤一次。（市财政局）")
    assert edited(item, _form(item, bearer=(), named=(), addressee=(), measure=(), per=())) == item
    assert edited(item, _form(item, **_rows(item, bearer=("lead", "lead")))) == item


def test_whom_a_demand_binds_is_a_doubt_of_its_own() -> None:
    item = _bound_by("护河员每月清淤一次。（市财政局）")
    draft = replace(_as_read(readings()["驻政办〔2022〕49号"]), items=(item,))
    assert DoubtField.BEARER in {doubt.field for doubt in item.doubts}
    named = edited(item, _form(item, **_rows(item, named=("市商务局",))))
    after = replace_item(draft, 0, named).items[0]
    assert {one.field for one in item.confidence} - {one.field for one in after.confidence} == {DoubtField.BEARER}
    rhythm = edited(item, _form(item, **_rows(item), cadence=("monthly", "weekly")))
    kept = replace_item(draft, 0, rhythm).items[0]
    assert DoubtField.BEARER in {doubt.field for doubt in kept.doubts}
