"""Who is responsible: annotations in brackets, on lines of their own or after a sentence → leads, supports, groups."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.domain.items import LeadBasis

_LEAD_FIELD = "牵头(?:责任)?(?:单位|部门)|主办(?:单位|部门)|主责(?:单位|部门)|牵头"
_DUTY_FIELD = "责任(?:单位|部门|主体)|承办(?:单位|部门)|落实(?:单位|部门)|实施(?:单位|部门)|负责(?:单位|部门)"
_SUPPORT_FIELD = (
    "配合(?:责任)?(?:单位|部门)|协办(?:单位|部门)|参与(?:单位|部门)"
    "|协同(?:单位|部门)|参加(?:单位|部门)|支持(?:单位|部门)|配合"
)
_TIME_FIELD = "完成时限|完成时间|时间要求|办理时限|时限要求|整改时限|时限|时间节点"
_PACE_FIELD = "时序进度|进度安排|推进计划|进度要求|工作进度"
_OTHER_FIELD = "责任人|分管领导|责任领导|联系人|牵头领导"
FIELDS = re.compile(
    rf"(?P<lead>{_LEAD_FIELD})[:：]|(?P<duty>{_DUTY_FIELD})[:：]|(?P<support>{_SUPPORT_FIELD})[:：]"
    rf"|(?P<time>{_TIME_FIELD})[:：]|(?P<pace>{_PACE_FIELD})[:：]|(?P<other>{_OTHER_FIELD})[:：]"
)
_BRACKETS = {"（": "）", "(": ")", "【": "】", "〔": "〕", "[": "]", "［": "］"}
_CLOSES = {"（": "）)", "(": "）)", "【": "】", "〔": "〕]", "[": "]］〕", "［": "］]"}
_BRACKET_OR_END = re.compile(r"[（）()【】〔〕\[\]［］\n]")
_WORDS = re.compile(r"牵头|单位[:：]|部门[:：]|负责|配合|协办|时限[:：]|分工")
_SUFFIX = (
    "局|委|办|部|厅|署|院|会|社|行|公司|中心|政府|学校|大学|学院|银行|集团|残联|妇联|侨联|文联|工商联|科协|作协|社科联|红十字会|馆|站|所|室|段"
    "|海关|总队|支队|大队|部队|管委会|街道|乡镇|单位|部门|机构|企业|总工会|工会|团市委|团县委|团区委|团省委|团委|共青团中央|中央|军分区|武装部|电视台|台"
    "|处|队|领导小组|指挥部|专班|委员会|园区|示范区|开发区|高新区|乡|镇|院校|高校|协会|组织部|宣传部|统战部|网信办|总局|联社|城投|供电|信用社"
)
_UNIT = re.compile(
    rf"^[\u4e00-\u9fffA-Za-z（）()、·“”]{{1,40}}(?:{_SUFFIX}|[县市区州旗盟]|[（(][\u4e00-\u9fff、]{{1,20}}[）)])$"
)
_STRICT = re.compile(
    rf"^[\u4e00-\u9fffA-Za-z（）()、·“”]{{1,40}}(?:{_SUFFIX})(?:[（(][\u4e00-\u9fff、]{{1,20}}[）)])?$"
)
_TAIL = re.compile(
    r"(?:等)?(?:(?:按照?|根据|依|分别按)?(?:各自)?(?:职责|职能|分工|任务)*(?:分工|职责|要求)?(?:分别)?(?:具体)?(?:负责|落实|实施|抓好|推进|做好)*(?:落实|实施|推进)?)$"
)
_VERB = re.compile(
    r"(?P<lead>牵头(?:负责|落实|实施|组织实施)?|主办)$|(?P<support>(?:按职责分工)?(?:配合|协办|参与|参加|协同|协助|支持)(?:落实|实施)?)$"
    r"|(?P<duty>(?:等)?(?:按照?|依)?(?:各自)?(?:职责|职能)?(?:分工)?(?:分别)?(?:负责|抓好|组织)?(?:落实|实施|负责))$"
)
_GROUP = re.compile(
    r"属(?:国有)?企业$|^(?:市直|省直|县直|区直|中央|州直)?(?:各|有关|相关|其他|全体|所有)|各(?:级|有关|相关|成员|责任|县|市|区|乡|镇|街|地|部门|单位)|成员单位$|(?:有关|相关)(?:部门|单位|企业|局办)$|主体单位$|^(?:市|省|县|区)直(?:单位|部门|机关)|等(?:部门|单位)$"
)
_PLACES = re.compile(
    r"各(?:有关|相关|级)?(?:[县市区州旗盟乡镇]|省辖市|设区市|街道|地市|园区|开发区|功能区|示范区|[（(][县市区州旗、乡镇街道园]+[）)]|、(?=[县市区乡镇街道州]))+"
    r"(?:党委、政府|党委和政府|党工委、管委会|人民政府|政府|办事处|街道办|管理委员会|管委会|河长办|[\u4e00-\u9fff]{0,6}(?:局|办|委))?"
)
_GOVERNMENT = re.compile(r"(?:政府|管委会|管理委员会|办事处|街道办)$")
_ZONES = re.compile(
    r"^(?:[^、，]{0,12}(?:示范区|开发区|高新区|经开区|新区|园区|管委会|保税区|集聚区|办事处|街道)、?)+(?:管委会|管理委员会)?$"
)
_PARTY = re.compile(
    r"^(?:网信办|政法委|组织部|宣传部|统战部|编办|党校|改革办|农办|老干部局|直属机关工委|巡察办|文明办|台办|政研室|机要局|保密办|外办|社会工作部|国安办|财经办)"
)
_OWN_PREFIX = re.compile(
    r"^(?:[市省县区州盟旗](?!场监|域|政公司|容)|自治区|自治州|国家|国网|中国|中央|全国|全市|全省|各|有关|相关|其他|团[市省县区]|共青团|武警|驻|人民银行|人行|银保监|证监|中石|南方电网|铁路|民航"
    r"|示范区|开发区|高新区|经开区|新区|管委会|移动|联通|电信|铁塔|邮储|农发行|国开行|[\u4e00-\u9fff]{2,4}(?:市|县|省|海关|银保监|车务段)|[\u4e00-\u9fff]{1,4}(?:区|县|市|旗|州|镇|乡)(?:人民政府|政府|管委会|$))"
)
_COMPANY = re.compile(r"公司|集团|银行|供电|分行|支行|车务段|海关|大学|学院|铁塔|石油|石化|电网|传媒|水务|燃气")
_PREFIX = re.compile(
    r"^(市委|省委|县委|区委|州委|市|省|县|区|州|盟|旗|自治区|自治州|示范区|开发区|高新区|经开区|新区|管委会)(?!场监|域|政公司|容)(?=[\u4e00-\u9fff])"
)
_ZONE_NAME = re.compile(r"(?:管委会|管理委员会|开发区|高新区|示范区|园区)$")
_NOISE = re.compile(r"[，,、。；;]?(?:均|其中)?(?:排|列)在?(?:第一位?|首位|最前)[^）)】。；]*|[，,。；;]?(?:以)?下同")
_JOINED = re.compile(r"以及|(?:和|及|与)(?=其他|其它|有关|相关|各)")
_ALL = re.compile(
    r"以上(?:各项|各条|所有)?(?:任务|工作|措施|事项|政策|内容)?(?:均需|均由|均须|都需|都由|由)(?P<who>各[^。；]{2,60}?)(?:负责|抓好|组织|贯彻|具体|配合)(?:抓好)?(?:落实|实施)"
)
_FOLLOWING = re.compile(
    r"(?:以下|下列|后续|其余)(?:各项|各条|任务|事项|工作|措施)?(?:任务|工作|事项)?(?:均需|均由|均须|都需|都由|均要|均应由)(?P<who>[^。；]{2,120}?)(?:负责|抓好|组织|贯彻|具体|配合)?(?:抓好)?(?:落实|实施|负责)(?:[，,](?:以下)?不再[^，。]{0,4}列[出明示])"
)


@dataclass(slots=True)
class Responsibility:
    """What the annotations of one item say; names have their elided prefixes restored."""

    leads: list[str] = field(default_factory=list)
    duties: list[str] = field(default_factory=list)
    supports: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    paces: list[str] = field(default_factory=list)

    def settle(self, *, first_leads: bool) -> tuple[tuple[str, ...], tuple[str, ...], LeadBasis]:
        """Return leads, supports and the basis; `first_leads`: the document says that the first one leads."""
        leads = list(dict.fromkeys(self.leads))
        duties = [name for name in dict.fromkeys(self.duties) if name not in leads]
        basis = LeadBasis.EXPLICIT
        if not leads and duties:
            if len(duties) > 1 and not first_leads:
                basis = LeadBasis.FIRST_LISTED
            leads, duties = duties[:1], duties[1:]
        if not leads:
            basis = LeadBasis.COLLECTIVE if self.groups else LeadBasis.NONE
        supports = [name for name in dict.fromkeys([*duties, *self.supports]) if name not in leads]
        return tuple(leads), tuple(supports), basis


def annotations(text: str) -> list[tuple[int, int]]:
    """Return the stretches of an item's text that say who is responsible, in order, brackets included."""
    found = [*_bracketed(text), *_lines(text)]
    found.sort()
    kept: list[tuple[int, int]] = []
    for start, end in found:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept or _at_the_end(text)


def _bracketed(text: str) -> Iterator[tuple[int, int]]:
    opened: list[tuple[str, int]] = []
    for found in _BRACKET_OR_END.finditer(text):
        place, character = found.start(), found.group()
        if character in _BRACKETS:
            opened.append((character, place))
        elif opened and character in _CLOSES[opened[-1][0]]:
            _, start = opened.pop()
            if not opened and _is_annotation(text[start + 1 : place], apart=_stands_apart(text, start, place)):
                yield start, place + 1
        elif character == "\n":
            opened.clear()


def _stands_apart(text: str, start: int, end: int) -> bool:
    """Say whether a bracket begins or ends a sentence; a list of bodies inside of one explains a word of it."""
    before, after = text[:start].rstrip(), text[end + 1 : end + 2]
    return not before or before[-1] in "。；！.;]］】〕）)" or text[start - 1] == "\n" or after in {"", "\n"}


def _is_annotation(content: str, *, apart: bool) -> bool:
    if len(content) < 2 or "以下简称" in content or "下称" in content:
        return False
    if FIELDS.search(content):
        return True
    content = _JOINED.sub("、", _NOISE.sub("", content))
    names = [name for name in _split_names(_TAIL.sub("", content)) if name]
    if not names:
        return False
    if _WORDS.search(content):
        stripped = [_VERB.sub("", name) for name in names]
        return any(_UNIT.match(_TAIL.sub("", name)) for name in stripped if name)
    alone = len(names) == 1 and (len(names[0]) < 3 or names[0] == "管委会")
    return apart and not alone and all(_STRICT.match(name) for name in names)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if FIELDS.match(line):
            yield start, start + len(line)
        start += len(line) + 1


def _at_the_end(text: str) -> list[tuple[int, int]]:
    """Find fields that follow a sentence without brackets or a line of their own."""
    found = re.search(rf"(?<=[。；;])\s*(?=(?:{_LEAD_FIELD}|{_DUTY_FIELD}|{_SUPPORT_FIELD})[:：])", text)
    return [(found.end(), len(text.rstrip()))] if found else []


def read_annotations(contents: list[str]) -> Responsibility:
    """Read the words of all annotations of one item."""
    found = Responsibility()
    prefix = ""
    for content in contents:
        inner = content.strip()
        if inner[:1] in _CLOSES and inner[-1:] in _CLOSES[inner[0]]:
            inner = inner[1:-1]
        following = _FOLLOWING.search(inner)
        if following:
            inner = inner[: following.start()]
        inner = _JOINED.sub("、", _NOISE.sub("", inner))
        for role, words in _clauses(inner):
            prefix = _read_clause(found, role, words, prefix)
    return found


def is_unit(name: str) -> bool:
    """Say whether a name ends like a body's."""
    return bool(_UNIT.match(name))


def following_groups(text: str) -> list[str]:
    """Return the groups that a sentence says to stand behind every later item."""
    found = _FOLLOWING.search(text)
    if not found:
        return []
    here = Responsibility()
    _read_clause(here, "duty", found["who"], "")
    return here.groups


def groups_of_all(text: str) -> list[str]:
    """Return the groups that a sentence says to stand behind every item above it."""
    found = _ALL.search(text)
    if not found:
        return []
    here = Responsibility()
    _read_clause(here, "duty", found["who"], "")
    return here.groups


_SUBJECT_UNIT = rf"(?P<unit>[\u4e00-\u9fff（）()“”]{{1,24}}?(?:{_SUFFIX}))"
_SUBJECT = re.compile(
    rf"(?:^|(?<=[。；;\n]))\s*(?:请)?{_SUBJECT_UNIT}(?P<with>会同(?P<other>[\u4e00-\u9fff（）()、]{{2,40}}?))?"
    r"(?=要|应|须|将|每[年月季周]|对[\u4e00-\u9fff]|定期|不定期|负责|牵头|统筹|组织|建立|按[照月季]|于\d|具体负责|承担|指导|协助|实行|将|适时|会同|向)"
)
_PLACE_OF_EVENT = "(?:灾害|事故|事件|疫情|突发事件)?(?:发生地|事发地|所在地)|事发地|属地"
_GROUP_SUBJECT = re.compile(
    r"(?:^|(?<=[。；;\n，,]))\s*(?:请|由)?(?P<group>(?:各[\u4e00-\u9fff（）()、]{1,20}?|[\u4e00-\u9fff]{2,6}企业|有关(?:部门|单位)|相关(?:地方|部门|单位)"
    rf"|(?:{_PLACE_OF_EVENT}|[市省]、县|县级|乡镇|林业|[\u4e00-\u9fff]{{2,4}}管理(?=单位))(?!市级)[\u4e00-\u9fff、]{{0,24}}?(?:政府|部门|机构|办公室|指挥部|单位)))"
    r"(?:（以下简称[^（）]{1,12}）)?(?=要|应|须|每[年月季周]|将|于\d|\d{1,2}月|负责|对|立即|及时|加强|在接到|报经|发布|按照职责|制定)"
)
_AT_CITY = re.compile(
    rf"(?:^|由|[，。；\n])(?P<unit>(?:{_PLACE_OF_EVENT})市级[\u4e00-\u9fff]{{2,8}}?(?:部|政府))(?=报经|发布|立即|要|应|及时|启动)"
)
_HEADQUARTERS = re.compile(
    r"(?:^|由|[，。；\n])(?P<unit>[省市县]?指挥部(?:办公室)?)(?=报经|立即|及时|提出|发布|召开|认定|统一|要|应|接到)"
)
_COUNTED = re.compile(rf"由{_SUBJECT_UNIT}(?:对数据|负责|根据排名|汇总|数据|进行)*(?:核算|考评|统计|计分|打分|评分)")
_DATA = re.compile(
    rf"由{_SUBJECT_UNIT}提供数据[，,]{_SUBJECT_UNIT.replace('unit', 'second')}(?:对数据|进行|负责)*(?:核算|计分|排名)"
)


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
    if (
        subject
        and not _GROUP.search(subject["unit"])
        and not re.match(r"^(?:对|要|在|将|由|为|以|把|全|加强|推进|建立|完善)", subject["unit"])
    ):
        found.leads.append(subject["unit"])
        if subject["other"]:
            groups, names = _names(subject["other"])
            found.groups += groups
            found.supports += names
    return found


def _clauses(content: str) -> Iterator[tuple[str, str]]:
    """Yield (role, words): role is lead, duty, support, time, pace, other, or empty where the words' verbs decide."""
    marks = list(FIELDS.finditer(content))
    ends = [mark.start() for mark in marks[1:]] + [len(content)] * bool(marks)
    if not marks or marks[0].start() > 0:
        head = content[: marks[0].start()] if marks else content
        for part in re.split(r"[；;。\n]", head):
            if part.strip("，, "):
                yield "", part.strip("，, ")
    for mark, end in zip(marks, ends, strict=True):
        role = mark.lastgroup or ""
        words = content[mark.end() : end].strip("，,；;。、 \n")
        if role in {"lead", "duty", "support"}:
            for part in re.split(r"[；;。\n]", words):
                if _TIME_WORDS.fullmatch(part.strip()):
                    yield "time", part.strip()
                else:
                    yield role, part.strip("，, ")
        else:
            yield role, words


_TIME_WORDS = re.compile(
    r"(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末|年底)?(?:前|以前|之前)?(?:完成)?|年内|长期坚持|持续推进|常年坚持|长期推进|年底前|全年"
)


def _read_clause(found: Responsibility, role: str, words: str, prefix: str) -> str:
    """Sort one clause's names; return the prefix that goes on."""
    if role == "time" or (not role and _TIME_WORDS.fullmatch(words)):
        found.times.append(words)
        return prefix
    if role == "pace":
        found.paces.append(words)
        return prefix
    if role == "other" or not words:
        return prefix
    waiting: list[str] = []
    for chunk in _chunks(words):
        if _TIME_WORDS.fullmatch(chunk):
            found.times.append(chunk)
            continue
        verb = _VERB.search(chunk)
        bare = _TAIL.sub("", chunk[: verb.start()] if verb else chunk).strip()
        bare = re.sub(r"(?:等|按职责|分工|分别|责任)+$", "", bare).replace("会同", "、")
        if bare:
            waiting.append(bare)
        if verb:
            spoken = verb.lastgroup or "duty"
            settled = spoken if spoken != "duty" or not role else role
            prefix = _sort(found, settled, waiting, prefix)
            waiting = []
    return _sort(found, role or "duty", waiting, prefix)


def _chunks(words: str) -> list[str]:
    """Split at commas outside of brackets."""
    return [part.strip() for part in _split(words, "，,") if part.strip()]


def _sort(found: Responsibility, role: str, chunks: list[str], prefix: str) -> str:
    for chunk in chunks:
        groups, names = _names(chunk)
        for name in groups:
            if name not in found.groups:
                found.groups.append(name)
        for name in names:
            full, prefix = _restore(name, prefix)
            target = {"lead": found.leads, "support": found.supports}.get(role, found.duties)
            if full not in target:
                target.append(full)
    return prefix


def _names(chunk: str) -> tuple[list[str], list[str]]:
    """Return the collectives and the single bodies of one chunk."""
    groups: list[str] = []
    tokens = _split_names(chunk)
    if len(tokens) > 1 and tokens[0].startswith("各") and all(_GOVERNMENT.search(token) for token in tokens):
        return [chunk], []
    places = _PLACES.match(chunk)
    if places and (
        places.end() == len(chunk)
        or _ZONES.match(chunk[places.end() :].lstrip("、"))
        or chunk[places.end() :] in {"、管委会", "、街道办事处"}
    ):
        return [chunk], []
    if places and len(places.group()) >= 2 and chunk[places.end() : places.end() + 1] == "、":
        groups.append(places.group())
        chunk = chunk[places.end() + 1 :]
    elif _ZONES.match(chunk) and ("、" in chunk or "管委会" in chunk) and not re.search(r"局|办公室|中心", chunk):
        return [chunk], []
    names = []
    for name in _split_names(chunk):
        bare = re.sub(r"(?:等|等单位|等部门)$", "", name) if not name.endswith(("等部门", "等单位")) else name
        if not bare:
            continue
        if _GROUP.search(bare):
            groups.append(bare)
        elif len(bare) > 1 and not re.fullmatch(r"[\d年月日底前]+", bare):
            names.append(bare)
    return groups, names


def _split_names(words: str) -> list[str]:
    """Split at 、 and commas outside of brackets; a collective with 、 inside stays whole."""
    protected = _PLACES.sub(lambda found: found.group().replace("、", "\0"), words)
    return [part.strip().replace("\0", "、") for part in _split(protected, "、，,；;") if part.strip()]


def _split(words: str, marks: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for place, character in enumerate(words):
        if character in "（(【[〔":
            depth += 1
        elif character in "）)】]〕":
            depth = max(0, depth - 1)
        elif character in marks and not depth:
            parts.append(words[start:place])
            start = place + 1
    return [*parts, words[start:]]


def _restore(name: str, prefix: str) -> tuple[str, str]:
    """Restore an elided prefix; return the full name and the prefix that the next name may elide."""
    own = _PREFIX.match(name)
    if own:
        return name, own[1]
    if not prefix or _ZONE_NAME.search(name) or _OWN_PREFIX.match(name) or _COMPANY.search(name):
        return name, prefix
    if prefix.endswith("委") and len(prefix) == 2:
        if _PARTY.match(name):
            return prefix + name, prefix
        return prefix[0] + name, prefix
    return prefix + name, prefix
