"""Who reads which paper and which document, said of every type, role and standing."""

from itertools import product

import pytest

from tracker.domain.accounts import Role
from tracker.domain.audiences import (
    DocumentStance,
    EditionStance,
    may_read_document,
    may_read_edition,
    may_read_sources,
)
from tracker.domain.circulars.editions import PUBLISHED, EditionState
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.items import Origin

OFFICE = {Role.SUPERVISOR, Role.LEADER}
UNITS = {Role.LIAISON, Role.UNIT_HEAD}
READERS = {Role.READER}
ALL = OFFICE | UNITS | READERS
T = CircularType


def _who(edition: EditionStance) -> set[Role]:
    return {role for role in Role if may_read_edition(role, edition)}


def _document(*, shares: bool, origin: Origin = Origin.PUBLISHED) -> DocumentStance:
    return DocumentStance(origin, issued=True, shares=shares)


def test_every_type_has_its_record() -> None:
    assert set(KINDS) == set(CircularType)


@pytest.mark.parametrize("state", sorted(PUBLISHED))
def test_each_type_is_read_by_those_whom_it_is_for(state: EditionState) -> None:
    for own in (True, False):
        assert _who(EditionStance(T.SUPERVISION, state, to_unit=True, own=own)) == ALL
        assert _who(EditionStance(T.SPECIAL, state, to_unit=True, own=own)) == OFFICE
        for kind in (T.NOTICE, T.ASSIGNMENT, T.BREAKDOWN, T.URGE, T.RECTIFICATION):
            to_unit = EditionStance(kind, state, to_unit=True, own=own, document=_document(shares=True))
            assert _who(to_unit) == (OFFICE | UNITS if own else OFFICE), kind
    for shares in (True, False):
        for kind in (T.NOTICE, T.ASSIGNMENT, T.BREAKDOWN):
            readers = OFFICE | READERS | (UNITS if shares else set())
            assert _who(EditionStance(kind, state, document=_document(shares=shares))) == readers, kind
            internal = EditionStance(kind, state, document=_document(shares=shares, origin=Origin.INTERNAL))
            assert _who(internal) == (OFFICE | UNITS if shares else OFFICE), kind
        assert _who(EditionStance(T.SUPERVISION, state, document=_document(shares=shares))) == ALL
        internal = EditionStance(T.SUPERVISION, state, document=_document(shares=shares, origin=Origin.INTERNAL))
        assert _who(internal) == (OFFICE | UNITS if shares else OFFICE)
    assert _who(EditionStance(T.SUPERVISION, state)) == ALL
    for kind in {T.URGE, T.RECTIFICATION, T.SPECIAL, T.NOTICE, T.ASSIGNMENT, T.BREAKDOWN}:
        assert _who(EditionStance(kind, state)) == OFFICE, kind


def test_what_is_under_way_is_for_the_office_and_the_leaders_and_what_is_put_away_for_nobody() -> None:
    for kind, state in product(CircularType, set(EditionState) - PUBLISHED):
        edition = EditionStance(kind, state, to_unit=True, own=True, document=_document(shares=True))
        assert _who(edition) == (set() if state is EditionState.DISCARDED else OFFICE), (kind, state)


def test_a_document_is_for_everybody_once_issued_and_instructions_are_for_those_who_carry_them_out() -> None:
    for origin, shares in product(Origin, (True, False)):
        unissued = DocumentStance(origin, issued=False, shares=shares)
        assert {role for role in Role if may_read_document(role, unissued)} == OFFICE
        issued = {role for role in Role if may_read_document(role, _document(shares=shares, origin=origin))}
        assert issued == (ALL if origin is Origin.PUBLISHED else OFFICE | (UNITS if shares else set()))


def test_the_facts_behind_figures_are_for_the_office_and_the_leaders() -> None:
    assert {role for role in Role if may_read_sources(role)} == OFFICE
