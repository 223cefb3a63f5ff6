"""Whom each demand binds 「谁来做」: as the sentence around it says.

A body that a clause begins with, or that 由 hands it to, bears what the sentence demands until another one acts. Where
no body acts the demand is left to the lead.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from tracker.domain.items import Bearer, CadenceKind
from tracker.domain.readings.demands import LEAD_BOUND, Bound, Cadence, Deadline, NamedBearer, Target
from tracker.domain.readings.item import Doubt, DoubtField, Item
from tracker.intake.addressees import addressee, sentence
from tracker.intake.bodies import SUFFIX, is_collective, names_of
from tracker.intake.expressions import expression
from tracker.intake.guards import holds_any

_OF_EVENTS = {CadenceKind.ON_EVENT, CadenceKind.WITHIN_HOURS, CadenceKind.WITHIN_WORKDAYS}
_UNSURE = 0.4
_PLACE = (
    "县区|区县|县市区|[县市区]|省辖市|市州|州|旗|乡镇|镇街|街镇|乡|镇|街道|园区|开发区|功能区|示范区|高新区|新区|[县乡村]级"
    "|[（(][县市区、旗乡镇街道管委会]{1,10}[）)]"
)
# How such a name ends, and in which characters: most places are passed over by the last one.
# e.g. 市商务局
# e.g. 各县（市、区）
# e.g. 市财政
_NAME_ENDS = expression(rf"(?:{SUFFIX}|{_PLACE}|[省市州县区](?:本级)?财政)$")
_LAST = f"[{''.join(sorted({end[-1] for end in SUFFIX.split('|')}))}县市区州旗乡镇街道级政）)]"
# What a body that acts is followed by.
_ACTS = (
    r"(?:也|都|均|还|必须|务必|分别|原则上|可|内部)?(?:要(?![求素点])|应(?!急)|须|需(?!求)|将|每|按|于|在|全年|年内|年底|负责"
    r"|牵头|会同|至少|对|定期|不定期|及时|立即|适时|加强|实行|落实|开展|组织|建立|健全|制定|抓好|做好|切实|压实|召开|举办|承担|履行|报[送请]?|向|汇总|迅速|根据|具体"
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
_SUBJECT = expression(
    rf"""(?:(?<![\u4e00-\u9fff“”（(、\d])
    (?:[（(]?[一二三四五六七八九十\d]{{1,3}}[）)、.．](?:\d{{1,2}}[.．]?){{0,3}}
    |第[一二三四五六七八九十百\d]{{1,4}}条[ \u3000]*)?
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
# Their leaders act for the places that a document binds.
# e.g. 党政主要领导每月外出招商
# e.g. 县区党政“一把手”
_LEADERS = expression(
    r"(?<![\u4e00-\u9fff“”])(?:县区|地方|同级)?(?:党政(?:主要|班子|“?一把手|正职)|主要(?:领导|负责(?:同志|人))|“?一把手)"
)
# e.g. 各牵头单位
_ROLES = expression(r"^(?:各|有关|相关)?(?P<role>牵头|责任|主办|承办|配合|协办|成员)(?:单位|部门)$")
# Governments and what governs a zone.
# e.g. 各县区人民政府
_GOVERNS = expression("[县市区乡镇州旗]|街道|管委会|开发区|政府")
# Whoever a name is of cannot be told without a list.
# e.g. 供水单位
# e.g. 属地街道
_KIND = expression(r"^(?![市省县区州](?!级))[\u4e00-\u9fff]{0,8}(?:企业|单位|机构|部门|学校|社区|街道|乡镇|县区)$")
# A person or a body of a rank that acts, and that stands for none of those responsible.
# e.g. 网格员每天巡查
# e.g. 乡级路长每月巡路
# e.g. 经营者应当
_SOMEBODY = expression(
    r"(?<![\u4e00-\u9fff“”])[\u4e00-\u9fff]{0,6}(?:[路河湖林田楼片链]长|[\u4e00-\u9fff](?<![成人])员|经营者|使用者|业主|负责人|校长|院长)(?=每|应|须|要|定期|按)"
)
# Words that a name of a body does not hold.
# e.g. 进一步提升供热企业
_NO_BODY = expression(
    r"^(?:推进|加快|提升|强化|落实|开展|实施|深化|优化|健全|严格|依法|围绕|聚焦|针对|结合|培育|扩大|保障|定期|及时|做好|抓好|凡|其中|同时"
    r"|力争|打造|构建|设立|完成|制定|明确|形成|对于|年|月|日)|进一步|不断|的|工作(?!领导小组|委员会|专班|联席|组|站)|情况|建设(?!局|委|领导)|项目|纳入|列入"
)
# e.g. 市商务局
_UNIT_LIKE = expression(
    r"^[市省县区州国我](?!场主|域|容)[\u4e00-\u9fff“”、（）()]|^[\u4e00-\u9fff]{2,20}(?:局|委|委员会|政府|管委会|领导小组|指挥部|专班|办公室|公司|集团|支队|大队"
    r"|开发区|示范区|高新区|新区|企业|单位|部门|机构|中心|街道|乡镇|县区)$"
)


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
        to = addressee(self._words, place, len(demand.quote), event=event)
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
        begins, ends = sentence(self._words, place)
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
        alone = groups[0] if len(groups) == 1 else ""
        if alone and ("、" not in who or "、" in alone) and _same(who, alone):
            return Bound(Bearer.GROUP)
        if who in groups:
            return _named([who])
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
