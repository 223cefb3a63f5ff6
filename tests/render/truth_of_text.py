"""Each sentence of a paper held against the city then; one whose pattern nobody taught it is a fault."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.render.city_then import CityThen, Said, Share, Task, said_day
from tests.render.paper_matter import (
    CAUSES,
    WORK_ORDER,
    WORK_WORDS,
    Matter,
    cause_of,
    counted,
    first_sentence,
    said_behind,
)
from tests.render.printed_paper import PrintedPaper, outside_brackets
from tests.render.truth_of_waiting import WHY, why_waits

Faults = Iterator[str]
_Check = Callable[["TextTruth", re.Match[str]], Iterable[str]]
_DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
_SENTENCES: list[tuple[re.Pattern[str], _Check]] = []
_REVIEWED, _BEHIND, _LONGEST = ("progress", "completion"), ("behind", "difficult", "not_started_overdue"), 90
_PATTERN_FAULT = "sentence of an unknown pattern"


def reads(pattern: str) -> Callable[[_Check], _Check]:
    def kept(check: _Check) -> _Check:
        _SENTENCES.append((re.compile(pattern.replace("DAY", _DAY)), check))
        return check

    return kept


def faults_of_text(paper: PrintedPaper, matter: Matter, *, previous: CityThen | None) -> list[str]:
    """Return what is untrue in the text of a paper."""
    truth = TextTruth(matter, previous)
    found = [f"heading {n}: {words}" for n, words in _misnumbered(paper.headings)]
    for paragraph in paper.paragraphs:
        for sentence in paragraph:
            found += [f"{fault} | {sentence}" for fault in truth.faults(_plain(sentence))]
    return found


def _plain(sentence: str) -> str:
    """Call a county or a district what other papers call a unit."""
    return re.sub("([你该])[县区]", r"\1单位", sentence)


def _misnumbered(headings: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    for n, words in enumerate(headings):
        if not words.startswith(f"{'一二三四五六'[n]}、"):
            yield n, words


def differs(what: str, printed: object, true: object) -> Faults:
    if printed != true:
        yield f"{what}: printed {printed}, true {true}"


def _number(words: str | None) -> int | None:
    return int(words) if words else None


_INNER = str.maketrans("“”", "‘’")


@dataclass
class TextTruth:
    """What the text of a paper may say of its matter."""

    of: Matter
    previous: CityThen | None

    @property
    def city(self) -> CityThen:
        return self.of.city

    def faults(self, sentence: str) -> Faults:
        for pattern, check in _SENTENCES:
            if found := pattern.fullmatch(sentence):
                yield from check(self, found)
                return
        yield _PATTERN_FAULT

    # what a paper is about

    @reads(
        r"按照市政府工作安排，市政府督查室对(?:(?P<since>DAY)至)?(?P<until>DAY)(?P<of>.+?)所定事项的办理情况进行了督查，"
        r"进度根据(?P<whose>该单位|各单位)的反馈和佐证材料审核认定，尚未核定的按单位自报统计"
    )
    def _supervised(self, said: re.Match[str]) -> Faults:
        yield from differs("cut-off", said["until"], said_day(self.city.today))
        since = min(task.issued_on for task in self.of.tasks)
        yield from differs("since", said["since"] or said["until"], said_day(since))
        yield from self.document(said["of"])
        yield from differs("about one unit", said["whose"] == "该单位", self.of.unit is not None)

    def document(self, words: str) -> Faults:
        """Hold the documents of a paper, by title and number or counted, against those of its tasks."""
        told = dict.fromkeys((task.document, task.document_title) for task in self.of.tasks)
        if self.of.kind == "urge":
            overdue = {one["document"] for one in self.of.overdue}
            told = {one: None for one in told if one[0] in overdue}
        if counted_ := re.fullmatch(r"已交办的(\d+)件文件", words):
            yield from differs("documents", int(counted_[1]), len(told))
            return
        several = re.search(r"等(\d+)件文件$", words)
        named = set(re.findall("《([^》]+)》（([^）]+)）", words))
        every = {(title.translate(str.maketrans("《》", "〈〉")), number) for number, title in told}
        yield from differs("documents not of the matter", named - every, set())
        yield from differs("documents", int(several[1]) if several else len(named), len(told))

    @reads("现将有关情况通报如下：|特此通知|请认真组织实施|请认真贯彻落实")
    def _polite(self, said: re.Match[str]) -> Faults:
        return iter(())

    @reads(
        r"(?:截至(?P<until>DAY)，)?(?P<unit>.+?)承办的事项共(?P<total>\d+)项，(?P<own>其中牵头(?P<led>\d+)项、配合或者按职责分工承担"
        r"(?P<other>\d+)项|均为牵头的事项|均为配合或者按职责分工承担的事项)(?P<signs>，.*尚未签收.*)?"
    )
    def _own_part(self, said: re.Match[str]) -> Faults:
        yield from differs("cut-off", said["until"] or said_day(self.city.today), said_day(self.city.today))
        unit = self.of.unit
        assert unit is not None
        if said["unit"] != "你单位":
            yield from differs("unit", said["unit"], self.of.called or unit.full)
        every, led = len(self.of.tasks), len(self.of.led)
        yield from differs("items", int(said["total"]), every)
        printed = int(said["led"]) if said["led"] else every if "牵头" in said["own"] else 0
        yield from differs("items led", printed, led)
        yield from differs("items beside", int(said["other"]) if said["other"] else every - printed, every - led)
        open_ = [task for task in self.of.tasks if task.state in ("issued", "in_progress", "under_review", "returned")]
        unsigned = [t for t in open_ if (own := self.of.own(t)) is not None and own.state == "pending_receipt"]
        signs = re.search(r"尚未签收(\d+)项", said["signs"] or "")
        wanted = every if said["signs"] and not signs else int(signs[1]) if signs else 0
        yield from differs("unsigned", wanted, len(unsigned))

    @reads(r"牵头的事项(?P<parts>.+)")
    def _led_parts(self, said: re.Match[str]) -> Faults:
        yield from self._parts(said["parts"])

    @reads(
        r"(?:截至(?P<until>DAY)，(?P<of>.+?)所定督查事项|纳入督查的事项|已交办的事项)共(?P<total>\d+)项(?P<parts>.*)"
    )
    def _total(self, said: re.Match[str]) -> Faults:
        if said["until"]:
            yield from differs("cut-off", said["until"], said_day(self.city.today))
            yield from self.document(said["of"])
        yield from differs("items", int(said["total"]), len(self.of.tasks))
        yield from self._parts(said["parts"])

    def _parts(self, words: str) -> Faults:
        """Read the classes of a whole: each with its number and share, what it is made of, and whose word it is."""
        said_none = words.startswith("，目前尚无办结事项。")
        words = re.sub("^((?:，目前尚无办结事项)?。其中，|中，|，)", "", words)
        classes, _sign, own = words.partition("；以上进度")
        every = self.of.led
        printed: Counter[str] = Counter()
        told = outside_brackets(classes, "，")
        done = any(task.work in ("completed_met", "completed_unmet") for task in every if not self.of.is_open(task))
        silent = self.of.unit is None and len(told) > 1 and not done
        if not any(map(self.of.is_open, every)):
            yield from differs("nothing is done", said_none, silent)
        for one in told:
            said = re.fullmatch(r"(均)?(?P<name>[^\d（]+?)(?P<n>\d+项)?(?:（(?P<more>.*)）)?", one)
            if said is None or said["name"] not in WORK_WORDS:
                yield f"unknown class: {one}"
                continue
            work, count = WORK_WORDS[said["name"]], int(said["n"][:-1]) if said["n"] else len(every)
            printed[work] += count
            yield from self._made_of(work, count, said["more"] or "")
            if "归档" in one or work == "lapsed":
                yield from self._lapsed(one, count)
        yield from self._classes(printed, every)
        yield from self._own_words(own, len(every))

    def _classes(self, printed: Counter[str], tasks: list[Task]) -> Faults:
        """Hold counted classes against `flask state`; where that leaves a part open, only as far as it goes."""
        known = Counter(task.work for task in tasks if not self.of.is_open(task))
        left = sorted((printed - known).elements(), key=WORK_ORDER.index)
        open_ = sorted((task.work for task in tasks if self.of.is_open(task)), key=WORK_ORDER.index)
        true = known + Counter(open_)
        if known - printed or len(left) != len(open_):
            yield f"classes: printed {dict(printed)}, true {dict(true)}"
        elif any(WORK_ORDER.index(one) < WORK_ORDER.index(least) for one, least in zip(left, open_, strict=True)):
            yield f"classes of parts: printed {left}, of the whole {open_}"

    def _made_of(self, work: str, count: int, more: str) -> Faults:
        every = len(self.of.led)
        for part in more.split("；") if more else ():
            if share := re.fullmatch(r"占([\d.]+)%", part):
                yield from differs(f"share of {work}", float(share[1]), round(100 * count / every, 1))
            elif work == "not_started":
                yield from self._not_started(part, count)
            elif work == "behind":
                yield from self._judged(part, count)

    def _judged(self, words: str, count: int) -> Faults:
        """Hold what is confirmed to be behind, and what units say themselves, as the sentences below do."""
        read = re.fullmatch(r"经审核确认(?P<n>\d+)项、单位自报(?P<own>\d+)项|均?系单位自报", words)
        if read is None:
            yield f"unknown part of what is behind: {words}"
            return
        confirmed, own = int(read["n"] or 0), int(read["own"] or count)
        yield from differs("behind", confirmed + own, count)
        found = [None if self.of.is_open(t) else t.own_word() for t in self.of.led if t.work == "behind"]
        if not found.count(True) <= own <= found.count(True) + found.count(None):
            yield f"behind by its own word: printed {own}, true {found}"

    def _not_started(self, words: str, count: int) -> Faults:
        waiting = [task for task in self.of.led if task.work == "not_started" and not self.of.is_open(task)]
        if len(waiting) != count:
            return
        found = [why_waits(task, self.of) for task in waiting]
        if None in found:
            return
        one = words.replace("均", "", 1)
        printed = Counter({one: count}) if one in WHY else counted(words.replace("均", "", 1))
        yield from differs("not started", printed, Counter(found))

    def _lapsed(self, words: str, count: int) -> Faults:
        archived = sum(task.is_archived for task in self.of.led)
        if count != sum(task.work == "lapsed" for task in self.of.led):
            return
        if said := re.search(r"(?:已归档|其中)(\d+)项", words):
            printed = int(said[1])
        else:
            printed = count if "已归档" in words else 0
        yield from differs("lapsed and on file", printed, archived)

    def _own_words(self, words: str, every: int) -> Faults:
        """Hold what rests on the units' own word against what the office accepted."""
        found = [task.own_word() if not self.of.is_open(task) else None for task in self.of.led]
        said = re.search(r"尚未核定的(\d+)项", words)
        printed = int(said[1]) if said else every if words else 0
        least = found.count(True)
        if not least <= printed <= least + found.count(None):
            yield f"own word: printed {printed}, true {least} to {least + found.count(None)}"

    @reads(
        r"按来源分，文件部署的(?P<published>\d+)项；会议议定、领导批示等(?P<internal>\d+)项，(?P<classes>[^，]+)(?:，分别为：(?P<list>.+))?"
    )
    def _sources(self, said: re.Match[str]) -> Faults:
        internal = [task for task in self.of.led if task.internal]
        yield from differs("published", int(said["published"]), len(self.of.led) - len(internal))
        yield from differs("internal", int(said["internal"]), len(internal))
        yield from self._class_list(said["classes"], internal)
        for one in outside_brackets(said["list"] or "", "；"):
            read = re.fullmatch(r"《.+》（(?P<document>.+?)）(?P<n>\d+)项，(?P<classes>.+)", one)
            if read is None:
                yield f"unknown source: {one}"
                continue
            told = [task for task in internal if task.document == read["document"]]
            yield from differs(read["document"], int(read["n"]), len(told))
            yield from self._class_list(read["classes"], told)
        if said["list"] and self.of.to_all:
            yield "an internal document is named in a paper to all"

    def _class_list(self, words: str, tasks: list[Task]) -> Faults:
        own = r"（(?:均?系自报|其中自报(\d+)项)）"
        for one in outside_brackets(words, "、"):
            if (read := re.search(f"(?P<name>.+?)(?P<n>\\d+项)?{own}$", one.removeprefix("均"))) is not None:
                every = int(read["n"][:-1]) if read["n"] else len(tasks)
                yield from self._own_of_class(read["name"], int(read[3] or every), tasks)
            elif not any(map(self.of.is_open, tasks)):
                name = re.sub(r"\d+项$", "", one.removeprefix("均"))
                yield from self._own_of_class(name, 0, tasks)
        words = re.sub(own, "", words)
        alone = words.removeprefix("均")
        printed = Counter({alone: len(tasks)}) if alone in WORK_WORDS else counted(words)
        archived = sum(count for name, count in printed.items() if "归档" in name)
        yield from differs("on file", archived, sum(task.is_archived for task in tasks))
        total: Counter[str] = Counter()
        for name, count in printed.items():
            total[WORK_WORDS[name]] += count
        yield from self._classes(total, tasks)

    def _own_of_class(self, name: str, printed: int, tasks: list[Task]) -> Faults:
        """Hold how many of a class rest on a unit's own word."""
        told = [task for task in tasks if task.work == WORK_WORDS.get(name)]
        found = [None if self.of.is_open(task) else task.own_word() for task in told]
        if not any(map(self.of.is_open, tasks)) and not found.count(True) <= printed <= len(found) - found.count(False):
            yield f"own word of {name}: printed {printed}, true {found.count(True)}"

    # what was done

    @reads("目前尚无经审核认可的进展情况|(?P<since>DAY)以来，没有新的经审核认可的进展情况")
    def _nothing_told(self, said: re.Match[str]) -> Faults:
        yield from self._since(said["since"])
        for task in self._accepted():
            yield f"{task.code} has a result"

    def _since(self, day: str | None) -> Faults:
        """Hold the day since which a paper tells of the work: that to which the circular before told of it."""
        yield from differs("since", day, None if self.of.before is None else said_day(self.of.before.city.today))

    @reads("(?:(?P<since>DAY)以来)?经审核认可的反馈没有可供列举的具体做法")
    def _nothing_done(self, said: re.Match[str]) -> Faults:
        yield from self._since(said["since"])
        yield from differs(
            "something was accepted", any(map(self.of.is_open, self.of.led)) or any(self._accepted()), True
        )

    @reads(
        r"(?P<documents>[^，。]+号(?:等\d+件文件)?)所定事项(?:目前尚无|，(?P<since>DAY)以来没有新的)经审核认可的进展情况"
    )
    def _silent_documents(self, said: re.Match[str]) -> Faults:
        yield from self._since(said["since"])
        several = re.search(r"等(\d+)件文件$", said["documents"])
        named = re.findall("[^、]+?号", said["documents"])
        accepted = {task.document for task in self._accepted()}
        shown = dict.fromkeys(task.document for task in self.of.led if not (self.of.to_all and task.internal))
        silent = [document for document in shown if document not in accepted]
        yield from differs("documents of which something was accepted", sorted(set(named) - set(silent)), [])
        if not any(map(self.of.is_open, self.of.led)):
            yield from differs("silent documents", int(several[1]) if several else len(named), len(silent))

    @reads(r"其余(?P<n>\d+)件文件经审核认可的反馈不作列举")
    def _unquoted_documents(self, said: re.Match[str]) -> Faults:
        most = len({task.document for task in self._accepted()})
        if int(said["n"]) > most and not any(map(self.of.is_open, self.of.led)):
            yield f"unquoted documents: printed {said['n']}, with something accepted {most}"

    def _accepted(self) -> Iterator[Task]:
        """What a paper may tell that has something accepted since the circular before."""
        shown = [t for t in self.of.led if not (self.of.to_all and t.internal) and not self.of.is_open(t)]
        for task in shown:
            lasts = [share.last_accepted for share in self.of.leads(task)]
            if any(last and self._is_new(last) for last in lasts):
                yield task

    def _is_new(self, last: Said) -> bool:
        """Whether a report was accepted after the cut-off of the circular before."""
        before = self.of.before
        return before is None or (last.decided_at is not None and last.decided_at > before.city.at)

    @reads(
        r"《(?P<title>.+?)》（(?P<document>[^）]+号)）共(?P<n>\d+)项，(?P<classes>.+?)。其中，(?:(?P<since>DAY)以来经审核认可的有：)?(?P<results>.+)"
    )
    def _of_document(self, said: re.Match[str]) -> Faults:
        yield from self._since(said["since"])
        told = [task for task in self.of.led if task.document == said["document"]]
        yield from differs("title", said["title"], told[0].document_title if told else None)
        yield from differs("items", int(said["n"]), len(told))
        yield from self._class_list(said["classes"], told)
        if self.of.to_all and any(task.internal for task in told):
            yield "an internal document is named in a paper to all"
        quoted = outside_brackets(said["results"], "；")
        by_words = {words: unit for task in told for unit, words in self._results(task)}
        yield from differs("said by no accepted report", [one for one in quoted if one not in by_words], [])
        units = [by_words[one] for one in quoted if one in by_words]
        if len(units) > 2 or len(set(units)) < len(units):
            yield f"examples of {units}"

    def _results(self, task: Task) -> Iterator[tuple[str, str]]:
        """Write what was last accepted of each lead as a paper would, each with its unit."""
        for share in self.of.leads(task):
            words, unit, last = told_of(share), share.unit.short, share.last_accepted
            if last is None or not self._is_new(last):
                continue
            yield unit, f"{task.label}“{task.title}”，{unit}{words}"
            yield unit, f"{unit}{words}（{task.label}）"

    # what lies behind

    @reads(r"经审核确认未达序时的(?P<n>\d+)项(?:，登记的原因有：(?P<causes>[^：（），]+))?")
    def _behind(self, said: re.Match[str]) -> Faults:
        found = {task.id: self.of.confirmed_behind(task) for task in self.of.led if not self.of.is_open(task)}
        open_ = sum(one is None for one in found.values()) + sum(map(self.of.is_open, self.of.led))
        least, printed = list(found.values()).count(True), int(said["n"])
        if not least <= printed <= least + open_:
            yield f"behind: printed {printed}, true {least} to {least + open_}"
        causes = set(said["causes"].split("、")) if said["causes"] else set[str]()
        if causes and (printed == 1 or self.of.kind == "special"):
            yield "causes say whose own doing it is"
        behind = [task for task in self.of.led if found.get(task.id)]
        lies_out = [self.of.lies_outside(task) for task in behind]
        if causes and not all(lies_out):
            yield "causes are told though one that is behind has none outside of its leads"
        if not open_:
            told = self.of.kind != "special" and printed > 1 and all(lies_out)
            yield from differs("causes", causes, self._causes(behind) if told else set())

    def _causes(self, behind: list[Task]) -> set[str]:
        lasts = [said_behind(share) for task in behind for share in self.of.leads(task)]
        return {cause_of(one) for one in lasts if one is not None}

    @reads(r"据登记，(?P<items>.+)")
    def _items_with_causes(self, said: re.Match[str]) -> Faults:
        if self.of.kind != "special":
            yield "the cause of one item is told to others than leaders"
        true = set()
        for task in self.of.led:
            leads = self.of.leads(task)
            lasts = [share for share in leads if said_behind(share)]
            if self.of.confirmed_behind(task) is not False and self.of.lies_outside(task):
                causes = "、".join(dict.fromkeys(cause for share in lasts for cause in causes_of(share)))
                title = task.title.translate(_INNER)
                true.add(f"{task.document}{task.label}“{title}”未达序时的原因为{causes}")
        for one in outside_brackets(said["items"], "；"):
            if one not in true and not re.fullmatch(r"等\d+项", one):
                yield f"no such cause was recorded: {one}"

    @reads(r"进度为：(?P<items>.+)")
    def _items_behind(self, said: re.Match[str]) -> Faults:
        true = {
            f"{task.document}{task.label}“{task.title.translate(_INNER)}”，{'、'.join(values)}"
            for task in self.of.led
            if (values := [one for share in self.of.leads(task) for one in values_of(share) if said_behind(share)])
        }
        for one in plain(said["items"]).split("；"):
            if one not in true and not re.fullmatch(r"等\d+项", one):
                yield f"no such item is behind: {one}"

    @reads(r"单位自报未达序时、尚未核定的(?P<n>\d+)项，(?:核定后写明进度|自报情况为：(?P<items>.+))")
    def _claimed_behind(self, said: re.Match[str]) -> Faults:
        behind = [task for task in self.of.led if task.work == "behind"]
        found = [None if self.of.is_open(task) else task.own_word() for task in behind]
        least, printed = found.count(True), int(said["n"])
        if not least <= printed <= least + found.count(None):
            yield f"behind by its own word: printed {printed}, true {least} to {least + found.count(None)}"
        listed = outside_brackets(plain(said["items"] or ""), "；")
        if said["items"] and self.of.kind != "special":
            yield "numbers that nobody judged are told to others than leaders"
        true = {words for task in behind for words in self._claims(task)}
        for one in listed:
            if one not in true and not re.fullmatch(r"等\d+项", one):
                yield f"no lead says so: {one}"
        if self.of.kind == "special" and not self.of.unit:
            sure = [task for task, own in zip(behind, found, strict=True) if own and any(self._claims(task))]
            yield from differs("told of what units call behind", bool(listed) or not sure, True)

    def _claims(self, task: Task) -> Iterator[str]:
        """Write what leads that may be named call behind, and nobody has judged, as a paper to leaders would."""
        for share in self.of.named_leads(task, self.of.leads(task)):
            said = [one for one in share.said if one.state == "filed" and one.heard and one.kind in _REVIEWED]
            last = said[-1] if said else None
            if last is None or last.claim not in _BEHIND:
                continue
            told = "、".join(values_said(last)) or first_sentence(last.text)[:_LONGEST] or "未报数据"
            for run in range(1, len(said) + 1):
                whose = f"{share.unit.short}{f'连续{run}期' if run > 1 else ''}自报"
                yield f"{task.document}{task.label}“{task.title.translate(_INNER)}”，{whose}，{told}"

    def _named_past(self, words: str) -> Faults:
        """Hold one named item against its task: its class, its leads, who may be named, and the cause as recorded."""
        read = re.fullmatch(
            r"(?P<units>.+?)承办的(?P<document>.+?号)(?P<label>.+?)“(?P<title>.+?)”(?:，(?P<why>.+))?", words
        )
        if read is None:
            yield f"unknown pattern: {words}"
            return
        of = [
            t for t in self.of.led if (t.document, t.label, t.title) == (read["document"], read["label"], read["title"])
        ]
        if len(of) != 1:
            yield f"no such item: {words}"
            return
        [task] = of
        leads = {share.unit.short: share for share in self.of.leads(task)}
        units = read["units"].split("、")
        yield from differs(f"{task.code} led by", [one for one in units if one not in leads], [])
        if not self.of.is_open(task):
            yield from differs(task.code, "overdue_work", task.work)
        shares = [leads[one] for one in units if one in leads]
        yield from differs("may be named", len(self.of.named_leads(task, shares)), len(shares))
        if "原因为" in (read["why"] or "") and self.of.kind != "special":
            yield "the cause of one item is told to others than leaders"
        for cause in re.findall("原因为([^，；。]+)", read["why"] or ""):
            if not any(cause in causes_of(share) for share in shares):
                yield f"no such cause was recorded: {cause}"

    @reads(
        r"时限已过(?:、(?P<all>应报而未报办结情况|办结情况退回后尚未补正)的(?P<n>\d+)项|的(?P<m>\d+)项，其中应报而未报办结情况的"
        r"(?P<unreported>\d+)项、退回后尚未补正的(?P<uncorrected>\d+)项)(?:，(?:均|其中(?P<named>\d+)项)?列举如下：(?P<list>.+))?"
    )
    def _past_deadline(self, said: re.Match[str]) -> Faults:
        printed = int(said["n"] or said["m"])
        past = [task for task in self.of.led if task.work == "overdue_work"]
        open_ = sum(map(self.of.is_open, self.of.led))
        sure = sum(not self.of.is_open(task) for task in past)
        if not sure <= printed <= sure + open_:
            yield f"past the deadline: printed {printed}, true {sure}"
        back = sum(any(map(self._corrects, self.of.leads(task))) for task in past)
        if not open_ and all(len(task.live_leads) == 1 for task in past):
            uncorrected = _number(said["uncorrected"]) or (printed if "退回" in (said["all"] or "") else 0)
            yield from differs("uncorrected", uncorrected, back)
        listed = outside_brackets(said["list"] or "", "；")
        if said["list"]:
            yield from differs("named", len(listed), _number(said["named"]) or printed)
        for words in listed:
            yield from self._named_past(words)
        named = [task for task in past if self._may_all_be_named(task)]
        if not open_ and all(len(task.live_leads) == 1 for task in past):
            yield from differs("named in all", len(listed), len(named))

    def _may_all_be_named(self, task: Task) -> bool:
        leads = self.of.leads(task)
        return bool(leads) and self.of.named_leads(task, leads) == leads

    def _corrects(self, share: Share) -> bool:
        """Whether the form that asks for a completion, or one told apart, was given back and is not mended."""
        rows = (row for row in self.city.rows.values() if row["assignment_id"] == share.id and row["final"])
        told = [one for one in share.said if one.kind == "completion"][-1:]
        apart = any(one.apart and one.state == "returned" for one in told)
        return apart or any(row["state"] == "returned" for row in rows)

    @reads(r"因牵头单位反馈逾期、进度无从判断，按情况不明统计的(?P<n>\d+)项")
    def _unknown(self, said: re.Match[str]) -> Faults:
        sure = sum(task.work == "unknown" and not self.of.is_open(task) for task in self.of.led)
        open_ = sum(map(self.of.is_open, self.of.led))
        if not sure <= int(said["n"]) <= sure + open_:
            yield f"unknown: printed {said['n']}, true {sure}"


def told_of(share: Share) -> str:
    """Write the last accepted report of a lead: its first sentence and its numbers with their days and goals."""
    last = share.last_accepted
    if last is None:
        return ""
    fact = first_sentence(last.text)
    return "，".join(part for part in (fact if len(fact) <= 90 else "", "、".join(values_of(share))) if part)


def values_of(share: Share) -> list[str]:
    last = share.last_accepted
    return [] if last is None or last.is_lowered else values_said(last)


def values_said(last: Said) -> list[str]:
    values, before = list[str](), None
    for metric, unit, value, op, wanted, on in last.values:
        goal = {">=": "不低于", "<=": "不超过", ">": "高于", "<": "低于", "=": ""}.get(op, op)
        day = f"截至{said_day(on)}，" if on is not None and on != before else ""
        before = on
        values.append(f"{day}{metric}{value:g}{unit}（目标{goal}{wanted:g}{unit}）")
    return values


def plain(words: str) -> str:
    """Leave out what a schedule expects beside a value, which `flask state` does not tell."""
    return re.sub(r"，按(?:督查室设定的)?序时应为[^）；]*）", "）", words)


def causes_of(share: Share) -> Iterator[str]:
    """Yield how the cause of what a lead last said to be behind may be printed."""
    last = said_behind(share)
    if last is None:
        return
    if last.is_lowered:
        yield f"经核定低于自报：{first_sentence(last.found) or '与核实的情况不符'}"
    elif last.cause_class and last.cause_class != "own_work":  # that is criticism, which stands in proposals alone
        own = first_sentence(last.cause)
        yield f"{CAUSES[last.cause_class]}（{own}）" if own else CAUSES[last.cause_class]
