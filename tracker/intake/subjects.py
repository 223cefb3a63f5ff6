"""Subjects 「固有职责」: who acts by the sentences themselves, where no annotation says it."""

import re

from tracker.intake.bodies import SUFFIX, is_collective, names_of
from tracker.intake.responsibility import Responsibility

_SUBJECT_UNIT = rf"(?P<unit>[\u4e00-\u9fff（）()“”]{{1,24}}?(?:{SUFFIX}))"
# e.g. 市商务局负责统筹协调
# e.g. 市商务局会同市统计局每月通报
_SUBJECT = re.compile(
    rf"""(?:^|(?<=[。；;\n]))\s*(?:请)?{_SUBJECT_UNIT}
    (?P<with>会同(?P<other>[\u4e00-\u9fff（）()、]{{2,40}}?))?
    (?=要|应|须|将|每[年月季周]|对[\u4e00-\u9fff]|定期|不定期|负责|牵头|统筹|组织|建立|按[照月季]|于\d|具体负责|承担
    |指导|协助|实行|适时|会同|向)""",
    re.VERBOSE,
)
# How a sentence begins that leaves its subject out; what looks like a body there is its object.
_NO_SUBJECT = ("对", "要", "在", "将", "由", "为", "以", "把", "全", "加强", "推进", "建立", "完善")
_PLACE_OF_EVENT = "(?:灾害|事故|事件|疫情|突发事件)?(?:发生地|事发地|所在地)|事发地|属地"
# e.g. 各县区要建立工作台账
# e.g. 有关部门负责
# e.g. 事发地县级人民政府应立即处置
_GROUP_SUBJECT = re.compile(
    rf"""(?:^|(?<=[。；;\n，,]))\s*(?:请|由)?
    (?P<group>(?:各[\u4e00-\u9fff（）()、]{{1,20}}?|[\u4e00-\u9fff]{{2,6}}企业|有关(?:部门|单位)|相关(?:地方|部门|单位)
    |(?:{_PLACE_OF_EVENT}|[市省]、县|县级|乡镇|林业|[\u4e00-\u9fff]{{2,4}}管理(?=单位))(?!市级)
    [\u4e00-\u9fff、]{{0,24}}?(?:政府|部门|机构|办公室|指挥部|单位)))
    (?:（以下简称[^（）]{{1,12}}）)?
    (?=要|应|须|每[年月季周]|将|于\d|\d{{1,2}}月|负责|对|立即|及时|加强|在接到|报经|发布|按照职责|制定)""",
    re.VERBOSE,
)
# A plan of the city names the governments below it by their rank; the city's own level is one body.
# e.g. 由事发地市级人民政府发布
_AT_CITY = re.compile(
    rf"""(?:^|由|[，。；\n])(?P<unit>(?:{_PLACE_OF_EVENT})市级[\u4e00-\u9fff]{{2,8}}?(?:部|政府))
    (?=报经|发布|立即|要|应|及时|启动)""",
    re.VERBOSE,
)
# An emergency plan calls the headquarters that it sets up by its short name.
# e.g. 市指挥部立即组织会商
_HEADQUARTERS = re.compile(
    r"""(?:^|由|[，。；\n])(?P<unit>[省市县]?指挥部(?:办公室)?)
    (?=报经|立即|及时|提出|发布|召开|认定|统一|要|应|接到)""",
    re.VERBOSE,
)
# A scoring rule names who counts; whoever only supplies the data supports.
# e.g. 由市统计局根据排名计分
_COUNTED = re.compile(rf"由{_SUBJECT_UNIT}(?:对数据|负责|根据排名|汇总|数据|进行)*(?:核算|考评|统计|计分|打分|评分)")
# e.g. 由市商务局提供数据，市统计局负责核算
_DATA = re.compile(
    rf"""由{_SUBJECT_UNIT}提供数据[，,]{_SUBJECT_UNIT.replace("unit", "second")}
    (?:对数据|进行|负责)*(?:核算|计分|排名)""",
    re.VERBOSE,
)
# The marks of a scoring rule end its heading: 项目签约（20分）市商务局…
# e.g. 项目签约（20分）
_MARKS_IN_HEADING = re.compile(r"[（(][^（）()\n]{0,10}分[^（）()\n]{0,8}[）)]")


def read_subject(text: str) -> Responsibility:
    """Read who acts from the sentences themselves, where no annotation says it 「固有职责」."""
    found = Responsibility()
    data = _DATA.search(text)
    counted = _COUNTED.search(text)
    if data:
        found.leads.append(data["second"])
        found.supports.append(data["unit"])
        return found
    if counted:
        found.leads.append(counted["unit"])
        return found
    text = _MARKS_IN_HEADING.sub("\n", text)
    ranked = _AT_CITY.search(text) or _HEADQUARTERS.search(text)
    group = _GROUP_SUBJECT.search(text)
    if ranked and (group is None or ranked.start() < group.start() or "各成员单位" in group["group"]):
        found.leads.append(ranked["unit"])
        if group and "各成员单位" in group["group"]:
            found.groups.append(group["group"])
        return found
    if group:
        found.groups.append(group["group"])
        return found
    subject = _SUBJECT.search(text)
    if subject and not is_collective(subject["unit"]) and not subject["unit"].startswith(_NO_SUBJECT):
        found.leads.append(subject["unit"])
        if subject["other"]:
            groups, names = names_of(subject["other"])
            found.groups += groups
            found.supports += names
    return found
