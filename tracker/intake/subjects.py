"""Subjects 「固有职责」: who acts by the sentences themselves, where no annotation says it."""

import re
from collections.abc import Iterator

from tracker.intake.bodies import SUFFIX, is_collective, is_unit, names_of
from tracker.intake.expressions import expression
from tracker.intake.responsibility import Responsibility

_SUBJECT_UNIT = rf"(?P<unit>[\u4e00-\u9fff（）()“”]{{1,24}}?(?:联席会议(?:办公室)?|{SUFFIX}))"
# e.g. 市商务局负责统筹协调
# e.g. 市商务局会同市统计局每月通报
# e.g. 市发改委、市市场监管局每两年评估一次
# e.g. 会议明确，县财政局安排资金
_SUBJECT = expression(
    rf"""(?:^|(?<=[。；;，\n]))\s*(?:会议(?:明确|要求|强调|议定|决定|确定|同意)[，：])?(?:请)?
    (?P<first>(?:[市省县区州](?:(?!会同|应当)[\u4e00-\u9fff（）“”]){{1,16}}?(?:{SUFFIX})、){{1,5}})?{_SUBJECT_UNIT}
    (?P<with>(?:要|应当?|负责)?会同(?P<other>[\u4e00-\u9fff（）()、]{{2,40}}?))?
    (?=要|应|须|将|每[年月季周]|对[\u4e00-\u9fff]|定期|不定期|负责|牵头|统筹|组织|建立|按[照月季]|于\d|具体负责|承担
    |安排|编制|制定|汇总|审核|联合|等(?:有关|相关)?(?:部门|单位)(?:要|应|联合|共同|按|负责)|每(?:两|[一二三四五六七八九十\d])|指导|协助|实行|适时|会同|向|具体|发挥|抓好|做好|结合|研究|也要|还要)""",
    re.VERBOSE,
)
# How a sentence begins that leaves its subject out; what looks like a body there is its object.
_NO_SUBJECT = ("对", "要", "在", "将", "由", "为", "以", "把", "全", "加强", "推进", "建立", "完善")
# Words of a sentence that no name of a body holds.
# e.g. 进一步提升供热企业
# e.g. 支持民营企业
# but not 市政务服务和大数据管理局
_SENTENCE = expression(
    r"""^(?:支持|鼓励|引导|推动|推广|加快|加大|提升|提高|强化|落实|开展|实施|组织|深化|优化|健全|发挥|积极|充分|大力|全力
    |严格|依法|依托|围绕|聚焦|按照|根据|通过|对于|针对|结合|鼓|督促|指导|协调|统筹|培育|扩大|保障|严禁|确保|探索|持续
    |定期|及时|主动|切实|认真|用好|做好|抓好|凡|经|其中|同时|同步|逐步|力争|打造|构建|建设|设立|完成|制定|明确|凝聚
    |形成|压实|拓宽|拓展|放宽|简化|畅通|规范)
    |进一步|不断|的""",
    re.VERBOSE,
)
# Within a sentence a body that acts prints whose it is.
# e.g. 市政府督查室
# e.g. 县审计局
_WITHIN = expression(
    r"[市省县区州](?!场监|域|容|民(?!政|宗|族)|内|外|级|直)[\u4e00-\u9fff]{2,14}(?:局|委|办|部|院|室|中心|会|公司|集团|队|行)$"
)
# e.g. 等部门
_AND_OTHERS = expression(r"等(?:有关|相关)?(?:部门|单位)")
# e.g. 河口区政府
# but not 事发地县级政府
_GOVERNMENT_OF = expression(r"[\u4e00-\u9fff]{2,3}[区县市](?:人民)?政府$")
# Several of a kind are no body: 供热企业.
# e.g. 供热企业
_KIND_OF_BODY = expression(r"(?:企业|单位|部门|机构|学校|高校|社|园区|公司)$")
_ONE_BODY = expression(r"^(?:[市省县区](?!级|域|直)|国网|中国|国家)|集团|有限公司|领导小组|委员会")  # e.g. 市供热公司
_PLACE_OF_EVENT = "(?:灾害|事故|事件|疫情|突发事件)?(?:发生地|事发地|所在地)|事发地|属地"
# e.g. 各县区要建立工作台账
# e.g. 有关部门负责
# e.g. 沿河7个乡镇要逐户落实
# e.g. 河口、临江两区政府要挂图作战
# e.g. 各责任单位主要负责人
# e.g. 事发地县级人民政府应立即处置
_GROUP_SUBJECT = expression(
    rf"""(?:^|(?<=[。；;\n，,）]))\s*(?:请|由)?
    (?P<group>(?:[\u4e00-\u9fff]{{2,3}}(?:、[\u4e00-\u9fff]{{2,3}}){{1,4}}[两二三四五六](?:区|县|市)(?:人民)?政府|各[\u4e00-\u9fff（）()、]{{1,20}}?|[\u4e00-\u9fff]{{2,6}}企业|(?:上述|以上)(?:单位|部门)|有关(?:部门|单位)|相关(?:地方|部门|单位)
    |(?:沿线|沿江|沿河|辖区|涉及)的?\d{{0,3}}个?(?:县区|县|区|乡镇|镇|乡|街道)|(?:区县|县区|县市区)[\u4e00-\u9fff]{{2,6}}部门
    |各[\u4e00-\u9fff]{{1,6}}、[市县区]直(?:有关|各|相关)?(?:单位|部门)|(?:{_PLACE_OF_EVENT}|[市省]、县|县级|乡镇|林业|[\u4e00-\u9fff]{{2,4}}管理(?=单位))(?!市级)
    [\u4e00-\u9fff、]{{0,24}}?(?:政府|部门|机构|办公室|指挥部|单位)))
    (?:（以下简称[^（）]{{1,12}}）)?(?<!主)(?<!主要)(?<!分管)
    (?=主要负责(?:人|同志)|(?:也|都|均|还|必须|务必|分别)?(?:要(?!负责|领导)|应|须|每[年月季周]|将|于\d|\d{{1,2}}月|负责|对|立即|及时|加强|实行|安排|落实|开展|组织|建立|在接到|报经|发布|按照职责|制定))""",
    re.VERBOSE,
)
# A plan of the city names the governments below it by their rank; the city's own level is one body.
# e.g. 由事发地市级人民政府发布
_AT_CITY = expression(
    rf"""(?:^|由|[，。；\n])(?P<unit>(?:{_PLACE_OF_EVENT})市级[\u4e00-\u9fff]{{2,8}}?(?:部|政府))
    (?=报经|发布|立即|要|应|及时|启动)""",
    re.VERBOSE,
)
# An emergency plan calls the headquarters that it sets up by its short name.
# e.g. 市指挥部立即组织会商
_HEADQUARTERS = expression(
    r"""(?:^|由|[，。；\n])(?P<unit>[省市县]?指挥部(?:办公室)?)
    (?=报经|立即|及时|提出|发布|召开|认定|统一|要|应|接到)""",
    re.VERBOSE,
)
# Minutes and letters give the duty within the sentence.
# e.g. 由市城管局牵头，市财政局、市住建局配合，于9月底前完成检修
# e.g. 请市交通局牵头，市公安局配合
_LED = expression(
    r"""(?:^|(?<=[。；，\n]))\s*(?:具体|此项工作|该项工作|会议明确)?[，：]?(?:由|请|责成|明确)?
    (?P<lead>[\u4e00-\u9fff（）“”、]{2,60}?)(?:负责)?(?:牵头|主办)(?:负责|落实|组织|推进|，|、|。|会同)
    (?:(?:会同|由|请)?(?P<support>[\u4e00-\u9fff（）“”、，]{2,120}?)
    (?:等)?(?:按(?:照)?职责(?:分工)?)?(?:予以|做好|积极|共同)?(?:配合|协办|参与|协助))?""",
    re.VERBOSE,
)
# e.g. 由市民政局修改完善后印发
# e.g. 责成柳东区政府一周内解决
# e.g. 请市住建局加快进度
_TOLD = expression(
    rf"""(?:^|(?<=[。；，：\n]))\s*(?:[\u4e00-\u9fff“”\d]{{2,24}}(?=由[市县区省]))?(?P<how>由|请|责成|要求)(?P<unit>[\u4e00-\u9fff（）“”、]{{2,60}}?(?:{SUFFIX}|区|县|市))
    (?:会同(?P<other>[\u4e00-\u9fff（）()、]{{2,40}}?(?:{SUFFIX})))?
    (?=负责|共同|分别|联合|牵头|组织|修改|制定|承担|统筹|落实|建设|维护|运营|管理|每[日周月季年]|办理|提出|研究|实施|加快|加强|抓紧|尽快|立即|认真|按|于|在|[一二两三四五六七八九十\d]+[日天周个]
    |进一步|切实|具体|会商|督促|指导|做好|抓好|及时)""",
    re.VERBOSE,
)
# A scoring rule names who counts; whoever only supplies the data supports.
# e.g. 由市统计局根据排名计分
_COUNTED = expression(rf"由{_SUBJECT_UNIT}(?:对数据|负责|根据排名|汇总|数据|进行)*(?:核算|考评|统计|计分|打分|评分)")
# e.g. 由市商务局提供数据，市统计局负责核算
_DATA = expression(
    rf"""由{_SUBJECT_UNIT}提供数据[，,]{_SUBJECT_UNIT.replace("unit", "second")}
    (?:对数据|进行|负责)*(?:核算|计分|排名)""",
    re.VERBOSE,
)
# The marks of a scoring rule end its heading: 项目签约（20分）市商务局…
# e.g. 项目签约（20分）
_MARKS_IN_HEADING = expression(r"[（(][^（）()\n]{0,10}分[^（）()\n]{0,8}[）)]")


def read_subject(text: str) -> Responsibility:
    """Read who acts from the sentences themselves, where no annotation says it 「固有职责」."""
    found = Responsibility()
    if data := _DATA.search(text):
        return Responsibility(leads=[data["second"]], supports=[data["unit"]])
    if counted := _COUNTED.search(text):
        return Responsibility(leads=[counted["unit"]])
    text = _MARKS_IN_HEADING.sub("\n", text)
    ranked = _AT_CITY.search(text) or _HEADQUARTERS.search(text)
    group = _GROUP_SUBJECT.search(text)
    if ranked and (group is None or ranked.start() < group.start() or "各成员单位" in group["group"]):
        found.leads.append(ranked["unit"])
        if group and "各成员单位" in group["group"]:
            found.groups.append(group["group"])
        return found
    subjects = [*_named_subjects(text)]
    subject = subjects[0] if subjects else None
    told = _told(text)
    if told is not None and (subject is None or told[0] <= subject.start()):
        return _with_others(told[1], subjects)
    if group and (subject is None or group.start() < subject.start()):
        found.groups, found.leads = map(list, _all_of(group["group"]))
        if not all(_WITHIN.match(each["unit"]) for each in subjects):
            return found
    for each in subjects:
        _take(each, found)
    if subject and group and group.start() > subject.start() and group["group"] not in found.groups:
        found.groups.append(group["group"])
    return found


def _with_others(said: Responsibility, subjects: list[re.Match[str]]) -> Responsibility:
    """Add to whom a sentence gives a duty those that others begin with."""
    known = [*said.leads, *said.supports]
    for each in subjects:
        if _WITHIN.match(each["unit"]) and each["unit"] not in known:
            _take(each, said)
    return said


def _all_of(printed: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the collectives and the named bodies of a subject that stands for several."""
    groups, names = names_of(printed)
    if names and all(map(_GOVERNMENT_OF.match, names)):
        return groups, names
    return (groups if len(groups) > 1 and not names else (printed,)), ()


def _take(subject: re.Match[str], found: Responsibility) -> None:
    """Add the bodies of one subject: 市发改委、市统计局 lead both, whom they act with supports them."""
    rest = _AND_OTHERS.match(subject.string, subject.end())
    groups, names = names_of((subject["first"] or "") + subject["unit"] + (rest.group() if rest else ""))
    found.leads += [name for name in names if name not in found.leads]
    found.groups += groups
    if subject["other"]:
        groups, names = names_of(subject["other"])
        found.groups += groups
        found.supports += names


def _told(text: str) -> tuple[int, Responsibility] | None:
    """Read the first duty that a sentence gives by name: 由…牵头，…配合; its place and what it says."""
    for led in _LED.finditer(text):
        said = Responsibility()
        groups, names = names_of(led["lead"])
        if not names or groups or not all(map(_is_named, names)):
            continue
        said.leads += names
        if led["support"]:
            for chunk in led["support"].split("，"):
                groups, names = names_of(chunk)
                said.groups += groups
                said.supports += [name for name in names if _is_named(name)]
        return led.start(), said
    for told in _TOLD.finditer(text):
        groups, names = names_of(told["unit"])
        if not names or groups or not all(map(_is_named, names)):
            continue
        said = Responsibility(leads=list(names))
        if told["other"]:
            more, beside = names_of(told["other"])
            said.groups += more
            said.supports += beside
        return told.start(), said
    return None


def _is_named(name: str) -> bool:
    return is_unit(name) and not is_collective(name) and not _SENTENCE.search(name) and not _KIND_OF_BODY.search(name)


def _named_subjects(text: str) -> Iterator[re.Match[str]]:
    """Yield the bodies that sentences begin with; a collective, a kind of bodies or an object is none."""
    for subject in _SUBJECT.finditer(text):
        unit = subject["unit"]
        if text[subject.start() - 1 : subject.start()] == "，" and not _WITHIN.match(unit):
            continue
        if is_collective(unit) or unit.startswith(_NO_SUBJECT) or _SENTENCE.search(unit):
            continue
        if _KIND_OF_BODY.search(unit) and not _ONE_BODY.search(unit):
            continue
        yield subject
