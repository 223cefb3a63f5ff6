"""Whom lists of tasks name as leading and as supporting."""

import pytest

from tracker.domain.items import LeadBasis
from tracker.domain.responsibility import REASSIGNED, SUCCEEDS, NamedUnit, responsibility

_SCIENCE = NamedUnit("市科技局", "kjj")


def test_a_printed_lead_comes_first_and_one_that_the_office_chose_is_marked_and_no_support_any_more() -> None:
    found = responsibility(
        basis=LeadBasis.EXPLICIT,
        printed=[NamedUnit("市委组织部", "zzb")],
        assigned=[_SCIENCE],
        supports=[NamedUnit("科技局", "kjj"), NamedUnit("市财政局", "czj")],
        groups=["各县区政府"],
    )
    assert found.leads == ("市委组织部", "市科技局（督查室拟定）")
    assert found.supports == ("市财政局", "各县区政府")
    assert not found.first_listed


def test_the_first_of_a_list_is_no_lead_by_name_and_says_so() -> None:
    found = responsibility(basis=LeadBasis.FIRST_LISTED, printed=[_SCIENCE])
    assert (found.leads, found.first_listed) == (("市科技局（责任单位首位）",), True)


def test_that_the_office_chose_all_leads_is_told_where_the_document_prints_none() -> None:
    assert responsibility(basis=LeadBasis.NONE, printed=[], assigned=[_SCIENCE]).drafted
    printed = [NamedUnit("市教育局", "jyj")]
    assert not responsibility(basis=LeadBasis.EXPLICIT, printed=printed, assigned=[_SCIENCE]).drafted
    assert not responsibility(basis=LeadBasis.NONE, printed=[]).drafted
    assert not responsibility(basis=LeadBasis.NONE, printed=[], taken_over=[_SCIENCE]).drafted


@pytest.mark.parametrize("change", [SUCCEEDS, REASSIGNED])
def test_who_took_a_lead_over_stands_beside_how_the_text_gave_it_and_the_text_stays_what_it_was(change: str) -> None:
    taker = NamedUnit("市教育局", "jyj", change=change)
    gone = {"relieved": {"kjj"}, "taken_over": [taker]}
    listed = responsibility(basis=LeadBasis.FIRST_LISTED, printed=[_SCIENCE], **gone)  # type: ignore[arg-type] # said alike
    assert (listed.leads, listed.first_listed) == ((f"市教育局（责任单位首位，{change}）",), True)
    chosen = responsibility(basis=LeadBasis.NONE, printed=[], assigned=[_SCIENCE], **gone)  # type: ignore[arg-type]
    assert (chosen.leads, chosen.drafted) == ((f"市教育局（督查室拟定，{change}）",), True)
    named = responsibility(basis=LeadBasis.EXPLICIT, printed=[_SCIENCE], **gone)  # type: ignore[arg-type]
    assert (named.leads, named.first_listed, named.drafted) == ((f"市教育局（{change}）",), False, False)
    # The body that is printed first leads on; the one that the office put beside it has changed.
    beside = responsibility(
        basis=LeadBasis.FIRST_LISTED,
        printed=[NamedUnit("市委组织部", "zzb")],
        assigned=[_SCIENCE],
        **gone,  # type: ignore[arg-type]
    )
    assert beside.leads == ("市委组织部（责任单位首位）", f"市教育局（督查室拟定，{change}）")
