"""Whom lists of tasks name as leading and as supporting."""

from tracker.domain.items import LeadBasis
from tracker.domain.responsibility import ASSIGNED, NamedUnit, responsibility


def test_a_printed_lead_comes_first_and_one_that_the_office_chose_is_marked_and_no_support_any_more() -> None:
    found = responsibility(
        basis=LeadBasis.EXPLICIT,
        printed=[NamedUnit("市委组织部", "zzb")],
        chosen=[NamedUnit("市科技局", "kjj", ASSIGNED)],
        supports=[NamedUnit("科技局", "kjj"), NamedUnit("市财政局", "czj")],
        groups=["各县区政府"],
    )
    assert found.leads == ("市委组织部", "市科技局（督查室拟定）")
    assert found.supports == ("市财政局", "各县区政府")
    assert found.lead_units == ("zzb", "kjj")
    assert not found.first_listed


def test_the_first_of_a_list_is_no_lead_by_name_and_says_so() -> None:
    found = responsibility(basis=LeadBasis.FIRST_LISTED, printed=[NamedUnit("市科技局", "kjj")])
    assert (found.leads, found.first_listed) == (("市科技局（责任单位首位）",), True)


def test_that_the_office_chose_all_leads_is_told_where_the_document_prints_none() -> None:
    chosen = [NamedUnit("市科技局", "kjj", ASSIGNED)]
    assert responsibility(basis=LeadBasis.NONE, printed=[], chosen=chosen).drafted
    assert not responsibility(basis=LeadBasis.EXPLICIT, printed=[NamedUnit("市教育局", "jyj")], chosen=chosen).drafted
    assert not responsibility(basis=LeadBasis.NONE, printed=[]).drafted
    assert not responsibility(basis=LeadBasis.NONE, printed=[], chosen=[NamedUnit("市科技局", "kjj")]).drafted
