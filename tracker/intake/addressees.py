"""To whom the report of a rhythm goes 「报给谁」: the body that its sentence names first, else the office."""

from tracker.domain.readings.demands import Addressee
from tracker.intake.bodies import SUFFIX, is_body
from tracker.intake.expressions import expression
from tracker.intake.guards import holds_any

_MARKS = "。；;\n"
# e.g. 。
_ENDS = expression("[。；;\n]")
_SENT = ("报", "反馈", "提交", "备案")
# To whom a report goes: 向…报告, 报送….
# e.g. 每半年向市城管局报送一次
# but not 向社会公布
_TOWARDS = expression(
    r"向(?P<to>(?!社会|公众|群众|居民|企业)[\u4e00-\u9fff（）()“”、]{2,30}?)(?:书面|专题|如实|及时)?"
    r"(?:报送|报告|上报|汇报|反馈|备案|报备|提交|填报)"
)
# e.g. 将进展情况报市教体局
# e.g. 报送市发展改革委汇总
# e.g. 及时上报本级政府和上一级指挥部办公室
# e.g. 报市政府批准
_REPORTED = expression(
    rf"(?:报送|上报|报告|反馈|提交|抄报|报备|(?<![填申通汇警预情日周月季年简])报(?!送|告|备|表|名|经|请|刊|道))(?:至|给|到)?"
    rf"(?P<to>(?![及和与并])(?:[市省县区州我当地本同上各]|国[务家]|[\u4e00-\u9fff]{{2,6}}[市县区])?[\u4e00-\u9fff“”]{{1,24}}?(?:{SUFFIX}|指挥部|党委))"
    rf"(?=[，。；、：）)\s\n]|和|及|并|汇总|备案|备查|存档|$|(?P<approved>批准|审批|审定|同意|研究|审议|审核|审查))"
)
# The office that the reports go to anyhow.
# e.g. 市政府督查室
_OFFICE = expression("督查室$|督查(?:和|与)?.{0,6}办公室$")
# The first of several counts.
# e.g. 本级政府和上一级指挥部
_AND = expression("[、和及]")
# What goes up at once is no report of a rhythm.
# e.g. 重大情况及时报告省政府
_AT_ONCE = expression("重大|紧急|突发|随时|立即|遇|新情况|问题")
# e.g. 有关情况及时上报
_ITS_RESULT = expression(r"^(?:有关|相关|排查|工作|检查|督查|评估|落实|整改)?(?:情况|结果|进展|信息)")


def addressee(words: str, place: int, length: int, *, event: bool) -> Addressee | None:
    """Return the first body to which the sentence, from the clause of the rhythm on, hands a report.

    `event`: the rhythm is a clock that an event starts, whose report may go up at once or for approval.
    """
    _, ends = sentence(words, place + length)
    if to := _recipient(words[place:ends], own=length, event=event):
        return to
    if "报" not in words[place : place + length] and not event:
        return None
    following = words[ends:].lstrip(_MARKS)
    return _recipient(following, own=0, event=event) if _ITS_RESULT.match(following) else None


def _recipient(words: str, *, own: int, event: bool) -> Addressee | None:
    """Return to whom words hand a report; what goes up at once behind the rhythm's own clause is another report."""
    if not holds_any(words, _SENT):
        return None
    found = [*_TOWARDS.finditer(words), *_REPORTED.finditer(words)]
    for one in sorted(found, key=lambda each: each.start("to")):
        approved = one.groupdict().get("approved")
        clause = words[max(words.rfind("，", 0, one.start()), 0) : one.start("to")]
        if not event and (approved or (one.start() >= own and _AT_ONCE.search(clause))):
            continue
        first = _AND.split(one["to"])[0]
        name = one["to"] if _OFFICE.search(one["to"]) or len(first) < 3 else first
        if _OFFICE.search(name):
            return None
        if is_body(name) or name.endswith(("指挥部", "政府", "党委")):
            return Addressee(name)
    return None


def sentence(words: str, place: int) -> tuple[int, int]:
    """Return where the sentence around a place begins and ends."""
    ends = _ENDS.search(words, place)
    back = words.rfind
    begins = max(back("。", 0, place), back("；", 0, place), back("\n", 0, place), back(";", 0, place)) + 1
    return begins, ends.start() if ends else len(words)
