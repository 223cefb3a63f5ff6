"""Invariants of the documents that were read by hand."""

from pathlib import Path

import pytest

from seeds.documents import load_documents
from seeds.registry import BadSeedFile, load_registry
from tracker.domain.coverage import cover
from tracker.domain.items import LeadBasis, SpanRole

SEEDS = Path(__file__).parents[2] / "seeds"
REGISTRY = load_registry(SEEDS / "units.toml")
READINGS = {reading.number: reading for reading in load_documents(SEEDS / "documents", REGISTRY)}


@pytest.mark.parametrize("number", sorted(READINGS))
def test_every_character_is_classified(number: str) -> None:
    reading = READINGS[number]
    spans = cover(reading.text, reading.item_spans(), reading.declared)
    unclassified = [reading.text[span.start : span.end] for span in spans if span.role is SpanRole.UNCLASSIFIED]
    assert unclassified == []


@pytest.mark.parametrize("number", sorted(READINGS))
def test_printed_and_assigned_leads_are_kept_apart(number: str) -> None:
    for item in READINGS[number].items:
        unnamed = item.lead_basis in (LeadBasis.NONE, LeadBasis.COLLECTIVE)
        assert bool(item.leads) is not unnamed, item.code
        assert bool(item.assigned_leads) is unnamed, item.code


def test_the_logistics_policies_expire_with_the_year() -> None:
    reading = READINGS["驻政办〔2022〕54号"]
    assert len(reading.items) == 19
    assert str(reading.expires_on) == "2022-12-31"


def test_a_printed_unit_that_is_not_registered_is_named_with_its_item(tmp_path: Path) -> None:
    source = SEEDS / "documents" / "54"
    folder = tmp_path / "54"
    folder.mkdir()
    (folder / "text.txt").write_bytes((source / "text.txt").read_bytes())
    items = (source / "items.json").read_text(encoding="utf-8").replace('"市公安局"', '"市飞碟局"')
    (folder / "items.json").write_text(items, encoding="utf-8")
    with pytest.raises(BadSeedFile, match=r"54-14.*市飞碟局"):
        load_documents(tmp_path, REGISTRY)
