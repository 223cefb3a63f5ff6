"""What the office asks where a document says nothing: the default rhythm and default evidence 「督查室要求」."""

from tracker.domain.items import Basis, ItemKind
from tracker.domain.readings.demands import Cadence, EvidenceRequirement
from tracker.domain.readings.item import Item
from tracker.domain.series import DocumentFrame, ItemDemands, Shares, TargetDemand, default_kind

_BY_WORD = (
    (("会议", "推进会", "联席会"), "会议纪要或会议通知", "document"),
    (("培训",), "培训通知和参训人员名单", "document"),
)
_BY_KIND = {
    ItemKind.INDICATOR: ("指标值及数据来源", "data"),
    ItemKind.GOAL: ("目标完成数及数据来源", "data"),
    ItemKind.SCORING: ("评分结果及依据数据", "data"),
}


def with_defaults(item: Item, frame: DocumentFrame) -> tuple[tuple[Cadence, ...], tuple[EvidenceRequirement, ...]]:
    """Return the item's cadences and evidence with the office's defaults added where the text is silent.

    A default rhythm stands only where nothing else is printed, never at a step of a response level nor in a document
    that monitors itself.
    """
    cadences = item.cadences
    if not cadences and item.kind is not ItemKind.RESPONSE_STEP and not frame.monitors_itself:
        demands = ItemDemands(
            kind=item.kind,
            shares=Shares(leads=()),
            targets=tuple(TargetDemand(measure=target.measure) for target in item.targets),
            deadline_on=item.deadline.on if item.deadline else None,
        )
        cadences = (Cadence(default_kind(demands, frame), Basis.DEFAULT),)
    return cadences, (*item.evidence, *_default_evidence(item))


def _default_evidence(item: Item) -> list[EvidenceRequirement]:
    asked = [
        EvidenceRequirement(what, Basis.DEFAULT, form=form, mandatory=False)
        for words, what, form in _BY_WORD
        if any(word in item.title for word in words)
    ]
    if item.kind in _BY_KIND:
        what, form = _BY_KIND[item.kind]
        asked.append(EvidenceRequirement(what, Basis.DEFAULT, form=form))
    return asked
