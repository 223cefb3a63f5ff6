"""Whom each demand binds 「谁来做」 and to whom its report goes 「报给谁」: as the sentence around it says.

A body that a clause begins with, or that 由 hands it to, bears what the sentence demands until another one acts. Where
no body acts the demand is left to the lead, and a report without a recipient goes to the office.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from tracker.domain.items import Bearer, CadenceKind
from tracker.domain.readings.demands import LEAD_BOUND, Addressee, Bound, Cadence, Deadline, NamedBearer, Target
from tracker.domain.readings.item import Doubt, DoubtField, Item
from tracker.intake.bodies import SUFFIX, is_body, is_collective, names_of
from tracker.intake.guards import holds_any

_OF_EVENTS = {CadenceKind.ON_EVENT, CadenceKind.WITHIN_HOURS, CadenceKind.WITHIN_WORKDAYS}
_UNSURE = 0.4
_MARKS = "。；;\n"
# e.g. 。
_ENDS = re.compile("[。；;\n]")
_PLACE = (
    "县区|区县|县市区|[县市区]|省辖市|市州|州|旗|乡镇|镇街|街镇|乡|镇|街道|园区|开发区|功能区|示范区|高新区|新区|[县乡村]级"
    "|[（(][县市区、旗乡镇街道管委会]{1,10}[）)]"
)
# How such a name ends, and in which characters: most places are passed over by the last one.
# e.g. 市商务局
# e.g. 各县（市、区）
# e.g. 市财政
_NAME_ENDS = re.compile(rf"(?:{SUFFIX}|{_PLACE}|[省市州县区](?:本级)?财政)$")
_LAST = f"[{''.join(sorted({end[-1] for end in SUFFIX.split('|')}))}县市区州旗乡镇街道级政）)]"
# What a body that acts is followed by.
_ACTS = (
    r"(?:也|都|均|还|必须|务必|分别|原则上|可|内部)?(?:要(?![求素点])|应(?!急)|须|需(?!求)|将|每|按|于|在|全年|年内|年底|负责"
    r"|牵头|会同|至少|对|定期|不定期|及时|立即|适时|加强|实行|落实|开展|组织|建立|健全|制定|报[送请]?|向|汇总|迅速|根据|具体"
    r"|\d{1,2}(?:月|时|个?小时|个?工作日|日)"
    r"|主要(?:领导|负责)|党政)"
)
# e.g. 各县区每月5日前报送
# e.g. 各县（市、区）要于6月底前完成
# e.g. 经济开发区、市高新技术产业开发区每月谋划
# e.g. 各责任单位主要负责人
# e.g. 市商务局每季度通报
# e.g. 由各收购企业向县发改委报送
# e.g. 林业主管部门或其所属检疫机构应迅速派人
# but not 各县区招商引资工作情况每月通报
# but not 督促各县区每月报送
_SUBJECT = re.compile(
    rf"""(?:(?<![\u4e00-\u9fff“”（(、\d])
    (?:[（(]?[一二三四五六七八九十\d]{{1,3}}[）)、.．]|第[一二三四五六七八九十百\d]{{1,4}}条[ \u3000]*)?
    (?:请|由|要求|责成)?
    |(?<=由)|(?<=[前\d])(?=各))
    (?P<who>(?![对将把为向在按以与从每使让及和并]|督促|指导|组织|协调|会同|推动|支持|鼓励|引导|确保|加强|建立|完善|发挥|依托
    |其他|现有|全市|全县|根据|通过|给予|新增|新引|新建|净增|覆盖|累计)
    [\u4e00-\u7530\u7532-\u9fff“”（）()、·]{{2,40}}?(?<={_LAST}))
    (?={_ACTS})""",
    re.VERBOSE,
)
_PERSONS = ("长", "员", "者", "负责人", "业主")
_LED = ("党政", "主要领导", "主要负责", "一把手")
_SENT = ("报", "反馈", "提交", "备案")
# Their leaders act for the places that a document binds.
# e.g. 党政主要领导每月外出招商
# e.g. 县区党政“一把手”
_LEADERS = re.compile(
    r"(?<![\u4e00-\u9fff“”])(?:县区|地方|同级)?(?:党政(?:主要|班子|“?一把手|正职)|主要(?:领导|负责(?:同志|人))|“?一把手)"
)
# e.g. 各牵头单位
_ROLES = re.compile(r"^(?:各|有关|相关)?(?P<role>牵头|责任|主办|承办|配合|协办|成员)(?:单位|部门)$")
# Governments and what governs a zone.
# e.g. 各县区人民政府
_GOVERNS = re.compile("[县市区乡镇州旗]|街道|管委会|开发区|政府")
# Whoever a name is of cannot be told without a list.
# e.g. 供水单位
# e.g. 属地街道
_KIND = re.compile(r"^(?![市省县区州](?!级))[\u4e00-\u9fff]{0,8}(?:企业|单位|机构|部门|学校|社区|街道|乡镇|县区)$")
# A person or a body of a rank that acts, and that stands for none of those responsible.
# e.g. 网格员每天巡查
# e.g. 乡级路长每月巡路
# e.g. 经营者应当
_SOMEBODY = re.compile(
    r"(?<![\u4e00-\u9fff“”])[\u4e00-\u9fff]{0,6}(?:[路河湖林田楼片链]长|[网格管理检查]员|经营者|使用者|业主|负责人|校长|院长)(?=每|应|须|要|定期|按)"
)
# Words that a name of a body does not hold.
# e.g. 进一步提升供热企业
_NO_BODY = re.compile(
    r"^(?:推进|加快|提升|强化|落实|开展|实施|深化|优化|健全|严格|依法|围绕|聚焦|针对|结合|培育|扩大|保障|定期|及时|做好|抓好|凡|其中|同时"
    r"|力争|打造|构建|设立|完成|制定|明确|形成|对于|年|月|日)|进一步|不断|的|工作(?!领导小组|委员会|专班|联席|组|站)|情况|建设(?!局|委|领导)|项目|纳入|列入"
)
# e.g. 市商务局
_UNIT_LIKE = re.compile(
    r"^[市省县区州国我](?!场主|域|容)[\u4e00-\u9fff“”、（）()]|^[\u4e00-\u9fff]{2,20}(?:局|委|委员会|政府|管委会|领导小组|指挥部|专班|办公室|公司|集团|支队|大队"
    r"|开发区|示范区|高新区|新区|企业|单位|部门|机构|中心|街道|乡镇|县区)$"
)
# To whom a report goes: 向…报告, 报送….
# e.g. 每半年向市城管局报送一次
# but not 向社会公布
_TOWARDS = re.compile(
    r"向(?P<to>(?!社会|公众|群众|居民|企业)[\u4e00-\u9fff（）()“”、]{2,30}?)(?:书面|专题|如实|及时)?"
    r"(?:报送|报告|上报|汇报|反馈|备案|报备|提交|填报)"
)
# e.g. 将进展情况报市教体局
# e.g. 报送市发展改革委汇总
# e.g. 及时上报本级政府和上一级指挥部办公室
# but not 报市政府批准
_REPORTED = re.compile(
    rf"(?:报送|上报|报告|反馈|提交|抄报|报备|(?<![填申通汇警预情日周月季年简])报(?!送|告|备|表|名|经|请|刊|道))(?:至|给|到)?"
    rf"(?P<to>(?![及和与并])(?:[市省县区州我当地本同上各]|国[务家]|[\u4e00-\u9fff]{{2,6}}[市县区])?[\u4e00-\u9fff“”]{{1,24}}?(?:{SUFFIX}|指挥部|党委))"
    rf"(?=[，。；、：）)\s\n]|和|及|并|汇总|备案|备查|存档|$|(?P<approved>批准|审批|审定|同意|研究|审议|审核|审查))"
)
# The office that the reports go to anyhow.
# e.g. 市政府督查室
_OFFICE = re.compile("督查室$|督查(?:和|与)?.{0,6}办公室$")
# What goes up at once is no report of a rhythm.
# e.g. 重大情况及时报告省政府
_AT_ONCE = re.compile("重大|紧急|突发|随时|立即|遇|新情况|问题")
# e.g. 有关情况及时上报
_ITS_RESULT = re.compile(r"^(?:有关|相关|排查|工作|检查|督查|评估|落实|整改)?(?:情况|结果|进展|信息)")


def bound(item: Item, words: str) -> Item:
    """Return the item with whom each rhythm, number and day binds, as its `words` outside of annotations say."""
    if not (item.cadences or item.targets or item.deadline):
        return item
    reader = _Bearers(words, item)
    cadences, targets = tuple(map(reader.cadence, item.cadences)), tuple(map(reader.target, item.targets))
    deadline = reader.deadline(item.deadline) if item.deadline else None
    doubts = tuple(Doubt(DoubtField.BEARER, _UNSURE, words) for words in dict.fromkeys(reader.doubtful))
    if not (doubts or reader.found):  # as most items
        return item
    return replace(item, cadences=cadences, targets=targets, deadline=deadline, doubts=(*item.doubts, *doubts))


class _Bearers:
    """Reads of one item's words whom each of its demands binds; asked in the order of the demands."""

    def __init__(self, words: str, item: Item) -> None:
        self._words = words
        self._leads = tuple([name.printed for name in item.leads])
        self._supports = tuple([name.printed for name in item.supports])
        self._groups = tuple([name.printed for name in item.groups])
        self._acting: dict[tuple[int, int], list[tuple[int, str]]] = {}
        self._known: dict[tuple[int, int, bool], Bound] = {}
        self.doubtful: list[str] = []
        self.found = False

    def cadence(self, demand: Cadence) -> Cadence:
        """Return a rhythm with whom it binds and to whom its report goes."""
        place = self._words.find(demand.quote) if demand.quote else -1
        if place < 0 or demand.quote is None:
            return demand
        event = demand.kind in _OF_EVENTS
        bound = self._bound(place, len(demand.quote), later=event)
        to = self._addressee(place, len(demand.quote), event=event)
        if bound is LEAD_BOUND and to is None:
            return demand
        self.found = True
        return replace(demand, bound=bound, addressee=to)

    def target(self, demand: Target) -> Target:
        """Return a number with whom it binds."""
        place = self._words.find(demand.quote)
        bound = self._bound(place, len(demand.quote)) if place >= 0 else LEAD_BOUND
        return demand if bound is LEAD_BOUND else replace(demand, bound=bound)

    def deadline(self, demand: Deadline) -> Deadline:
        """Return a day with whom it binds."""
        place = self._words.find(demand.quote) if demand.quote else -1
        bound = self._bound(place, len(demand.quote or "")) if place >= 0 else LEAD_BOUND
        return demand if bound is LEAD_BOUND else replace(demand, bound=bound)

    def _bound(self, place: int, length: int, *, later: bool = False) -> Bound:
        """Return whom the clause at a place binds: who acts before it ends; `later` also who acts behind it."""
        bound = self._known.get((place, length, later))
        if bound is None:
            bound = self._known[place, length, later] = self._read(place, length, later=later)
            self.found = self.found or bound is not LEAD_BOUND
        return bound

    def _read(self, place: int, length: int, *, later: bool) -> Bound:
        end = place + length
        begins, ends = _sentence(self._words, place)
        acting = self._subjects(begins, ends)
        if not acting and self._groups and not self._leads:
            acting, end = self._subjects(0, begins), begins
        if holds_any(self._words[place : place + length], _PERSONS) and (
            one := _SOMEBODY.search(self._words, place, place + length)
        ):
            self.doubtful.append(one.group())
        if not acting:
            return LEAD_BOUND
        before = [who for at, who in acting if at < end]
        if before:
            return self._of(before[-1])
        return self._of(acting[0][1]) if later else LEAD_BOUND

    def _subjects(self, begins: int, ends: int) -> list[tuple[int, str]]:
        """Return who acts in a stretch of the words, each with the place of his name; '' are the leaders of places."""
        found = self._acting.get((begins, ends))
        if found is None:
            words = self._words
            found = [(one.start("who"), one["who"]) for one in _SUBJECT.finditer(words, begins, ends)]
            found = [(at, who) for at, who in found if _acts(who)]
            if holds_any(words, _LED):
                found += [(one.start(), "") for one in _LEADERS.finditer(words, begins, ends)]
            found.sort()
            self._acting[begins, ends] = found
        return found

    def _of(self, who: str) -> Bound:
        """Return whom a subject stands for among those responsible, else the subject itself."""
        leads, groups = self._leads, self._groups
        if not who:
            return self._leaders()
        if who in groups or any(_same(who, group) for group in groups if len(groups) == 1):
            return Bound(Bearer.GROUP) if groups == (who,) or len(groups) == 1 else _named([who])
        if role := _ROLES.match(who):
            return self._in_role(role["role"])
        if who.endswith("财政"):  # whose purse it is says who pays
            who = f"{who.removesuffix('财政').removesuffix('本级')}财政局"
        collectives, bodies = names_of(who)
        names = [*bodies, *collectives]
        if names and all(any(_same(name, lead) for lead in leads) for name in names):
            return LEAD_BOUND if len(names) == len(leads) else _named(names)
        if groups and leads and all(any(_same(name, known) for known in (*leads, *groups)) for name in names):
            return Bound(Bearer.BOTH)
        if _KIND.match(who) and not is_collective(who):
            self.doubtful.append(who)
        return _named(_as_stands(who, names))

    def _leaders(self) -> Bound:
        """Return the places whose leaders act; without any the leaders are those of the lead."""
        groups = self._groups
        places = [group for group in groups if _GOVERNS.search(group) and "成员单位" not in group]
        acting = self._subjects(0, len(self._words))
        if governed := next((who for _, who in acting if who and _GOVERNS.search(who)), None):
            return self._of(governed)
        if not places:
            return LEAD_BOUND if self._leads or not groups else Bound(Bearer.GROUP)
        return Bound(Bearer.GROUP) if len(places) == len(groups) else _named(places)

    def _in_role(self, role: str) -> Bound:
        """Return those of an item that a sentence calls by their part in it: 各责任单位, 牵头单位."""
        leads, supports, groups = self._leads, self._supports, self._groups
        if role in {"牵头", "主办", "承办"}:
            return LEAD_BOUND
        if role in {"配合", "协办"}:
            return _named(supports) if supports else Bound(Bearer.GROUP) if groups else LEAD_BOUND
        if supports and role == "责任":
            return _named([*leads, *supports, *groups])
        return Bound(Bearer.BOTH) if leads and groups else Bound(Bearer.GROUP) if groups else LEAD_BOUND

    def _addressee(self, place: int, length: int, *, event: bool) -> Addressee | None:
        """Return the first body to which the sentence, from the clause of the rhythm on, hands a report."""
        _, ends = _sentence(self._words, place + length)
        if to := _recipient(self._words[place:ends], own=length, event=event):
            return to
        if "报" not in self._words[place : place + length] and not event:
            return None
        following = self._words[ends:].lstrip(_MARKS)
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
        first = re.split("[、和及]", one["to"])[0]
        name = one["to"] if _OFFICE.search(one["to"]) or len(first) < 3 else first
        if _OFFICE.search(name):
            return None
        if is_body(name) or name.endswith(("指挥部", "政府", "党委")):
            return Addressee(name)
    return None


def _acts(who: str) -> bool:
    """Say whether words that end like a body's are one: a collective, a place or a body with a name."""
    return (
        bool(_NAME_ENDS.search(who))
        and not _NO_BODY.search(who)
        and (is_collective(who) or bool(_UNIT_LIKE.search(who)))
    )


def _as_stands(who: str, names: list[str]) -> list[str]:
    return names if len(names) > 1 and not is_collective(who) else [who]


def _same(name: str, other: str) -> bool:
    """Say whether two names stand for one: the same, or the longer is the shorter with what places or elides it."""
    short, long = sorted((name, other), key=len)
    return short == long or (len(short) > 2 and long.endswith(short)) or (len(short) > 3 and long.startswith(short))


def _named(names: Iterable[str]) -> Bound:
    return Bound(Bearer.NAMED, tuple(NamedBearer(name, ()) for name in dict.fromkeys(names)))


def _sentence(words: str, place: int) -> tuple[int, int]:
    """Return where the sentence around a place begins and ends."""
    ends = _ENDS.search(words, place)
    back = words.rfind
    begins = max(back("。", 0, place), back("；", 0, place), back("\n", 0, place), back(";", 0, place)) + 1
    return begins, ends.start() if ends else len(words)
