"""What the office asks where a document says nothing: the default rhythm and default evidence 「督查室要求」."""

from tracker.domain.items import Basis, CadenceKind, ItemKind
from tracker.domain.readings import Cadence, EvidenceRequirement, ReadItem

_REPORTING_RHYTHM = Cadence(CadenceKind.QUARTERLY, Basis.DEFAULT)
_BY_WORD = (
    (("会议", "推进会", "联席会"), "会议纪要或会议通知", "document"),
    (("培训",), "培训通知和参训人员名单", "document"),
)
_BY_KIND = {
    ItemKind.INDICATOR: ("指标值及数据来源", "data"),
    ItemKind.GOAL: ("目标完成数及数据来源", "data"),
    ItemKind.SCORING: ("评分结果及依据数据", "data"),
}


def with_defaults(item: ReadItem) -> tuple[tuple[Cadence, ...], tuple[EvidenceRequirement, ...]]:
    """Return the item's cadences and evidence with the office's defaults added where the text is silent.

    The default rhythm is quarterly; a step of a response level gets none, it waits for the activation.
    """
    cadences = item.cadences
    if not cadences and item.kind is not ItemKind.RESPONSE_STEP:
        cadences = (_REPORTING_RHYTHM,)
    return cadences, (*item.evidence, *_default_evidence(item))


def _default_evidence(item: ReadItem) -> list[EvidenceRequirement]:
    asked = [
        EvidenceRequirement(what, Basis.DEFAULT, form=form, mandatory=False)
        for words, what, form in _BY_WORD
        if any(word in item.title for word in words)
    ]
    if item.kind in _BY_KIND:
        what, form = _BY_KIND[item.kind]
        asked.append(EvidenceRequirement(what, Basis.DEFAULT, form=form))
    return asked
