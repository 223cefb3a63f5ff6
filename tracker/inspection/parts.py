"""One part of XML: its fields, its formulas, what its elements point to, and its text, read in one pass.

Sources: ECMA-376 part 1, 17.16 (fields), 18 (formulas, data from elsewhere), 17.14 (mail merge); GB/T 33190, 14 (OFD).
"""

import re
from collections.abc import Iterator, Mapping
from string import hexdigits

from tracker.domain.errors import BadInput
from tracker.inspection.fields import Fields
from tracker.inspection.formulas import fault_of_formula, words_of_formula
from tracker.inspection.links import is_place, is_within, may_be_clicked
from tracker.inspection.markings import is_starred, may_be_marked
from tracker.inspection.packages import Package
from tracker.inspection.plain_signs import as_symbol
from tracker.inspection.refusals import FieldFetches, LinkOutside, MacrosInside, ObjectInside, SecrecyMarked
from tracker.inspection.relationships import LONGEST_SHOWN, Standard
from tracker.inspection.texts import Lines, head_words
from tracker.inspection.xml_parts import read_xml

# Elements after which a new line begins; what stands between them is one line, however it is cut into runs.
_BREAKS_WORDS = """
    p br cr si is c v row f cell TextObject oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter
    title subject keywords description category contentStatus lpwstr lpstr Company Manager txbxContent tc
    comment definedName creator
"""
_BREAKS = frozenset(_BREAKS_WORDS.split())
_ABOVE = frozenset(("rt", "rPh"))  # 拼音指南
_HEADS = frozenset(["oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"])
# Whatever holds a formula, in sheets, charts, tables, names, rules, controls and what came after the standard.
_FORMULAS_WORDS = """
    f formula formula1 formula2 definedName oldFormula calculatedColumnFormula totalsRowFormula
    FmlaMacro FmlaLink FmlaRange FmlaPict FmlaGroup FmlaTxbx
"""
_FORMULAS = frozenset(_FORMULAS_WORDS.split())
_FORMULA_ATTRIBUTES = frozenset(
    ("formula", "textlink", "macro", "fmlaLink", "fmlaRange", "fmlaTxbx", "fmlaGroup", "fmlaMacro")
)
# Attributes that a reader is shown, and elements whose `val` he is shown; a level with a star is looked for in all.
_SHOWN = frozenset(
    ("descr", "title", "alt", "string", "tooltip", "prompt", "promptTitle", "error", "errorTitle", "Title")
)
_SHOWN_VALUES = frozenset(("tblCaption", "tblDescription", "lvlText", "alias"))
_SYMBOL_FONTS = ("wingdings", "webdings")
_GATHERED = _FORMULAS | {"HyperlinkBase"}
# What is embedded has a relationship, by which it is judged; what is linked needs none.
_EMBEDDED = ("oleObject", "oleObj", "OLEObject")
_LINKED = ("oleLink", "ddeLink", "ddeItem", "externalBook")
_RANGES = frozenset(("conditionalFormatting", "dataValidation"))
_RUN_BY_ITSELF = ("auto_open", "auto_close", "auto_activate", "auto_deactivate")
_MERGED = frozenset(["connectString", "query", "udl", "dataSource", "headerSource", "src", "recipientData"])
# What a reader clicks in drawings, apart from what its picture is.
_CLICKED = frozenset(["a", "shape", "rect", "roundrect", "oval", "line", "polyline", "group", "arc", "curve"])
_ACTION = re.compile("ppaction://(?:hlinkshowjump|hlinksldjump|noaction|media|customshow)", re.IGNORECASE)
_LOOKED_AT = _FORMULA_ATTRIBUTES | {"href", "src", "manifestLocation", "action"}
_MOST_FAULTS = 50
_CODE_LENGTH = 4


class Part:
    """A part of a package, read once."""

    def __init__(self, package: Package, name: str, standard: Standard) -> None:
        self._package, self._name, self._standard = package, name, standard
        self._lines = Lines(name)
        self._beside = Lines(name)  # what stands above words: how they are read
        self._fields = Fields()
        self._found: list[BadInput] = []
        self._open: list[str] = []
        self._above = 0  # so many elements that stand above words are open
        self._gathered: list[str] = []
        self._place = ""  # of the formula: its cell, its name
        self._is_symbols = False  # the run is written in a font whose letters are pictures

    def faults(self) -> Iterator[BadInput]:
        """Read the part. Raises SecrecyMarked, DoctypeInside, FileDamaged, FileTooComplex, ArchiveDamaged."""
        chunks = self._package.chunks(self._name)
        if self._name.lower().endswith(".vml"):
            # Excel writes the breaks of a comment as HTML does.
            chunks = iter((self._package.read(self._name).replace(b"<br>", b"<br/>"),))
        read_xml(chunks, part=self._name, starts=self._start, ends=self._end, words=self._say)
        self._lines.end()
        self._beside.end()
        self._found += self._fields.refusals(self._standard, part=self._name)
        yield from self._found

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._open.append(name)
        if name in _BREAKS:
            self._lines.break_line()
        judge = _STARTS.get(name)
        if judge is not None:
            judge(self, attributes)
        if attributes:
            self._look_for_markings(name, attributes)
        if not _LOOKED_AT.isdisjoint(attributes):
            self._look_at(name, attributes)

    def _look_for_markings(self, name: str, attributes: Mapping[str, str]) -> None:
        """Raises SecrecyMarked."""
        if not may_be_marked("".join(attributes.values())):
            return
        for key, value in attributes.items():
            if key in _SHOWN or (key == "val" and name in _SHOWN_VALUES):
                self._lines.say(f"\n{value}\n")
            elif is_starred(value):
                raise SecrecyMarked(place=self._name)

    def _look_at(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note what an attribute would fetch or start without any relationship, as in drawings and slides."""
        for key in _LOOKED_AT.intersection(attributes):
            value = attributes[key]
            if key in _FORMULA_ATTRIBUTES:
                self._judge_formula(value)
            elif key == "action":
                if value.lower().startswith("ppaction:") and not _ACTION.match(value):
                    self._note(MacrosInside(part=self._name))
            elif name in _CLICKED:
                self._judge_link(value, fits=not value or may_be_clicked(value))
            else:
                self._judge_link(value, fits=is_within(value))

    def _end(self, name: str) -> None:
        self._open.pop()
        if name == "r":
            self._is_symbols = False
        if name in _GATHERED and self._gathered:
            words, self._gathered = "".join(self._gathered), []
            if name == "HyperlinkBase":
                self._judge_link(words.strip(), fits=not words.strip() or may_be_clicked(words))
            else:
                self._judge_formula(words)
        if name in _BREAKS:
            self._lines.break_line()
        elif name in _ABOVE:
            self._above -= 1
            self._beside.break_line()

    def _say(self, words: str) -> None:
        name = self._open[-1] if self._open else ""
        if name in ("instrText", "delInstrText"):
            self._fields.say(words)
            return
        if name in _GATHERED:
            self._gathered.append(words)
        if name in ("t", "delText"):
            if self._fields.is_in_instruction:
                self._fields.say(words)
            if self._is_symbols:
                words = "".join(map(as_symbol, words))
        if self._above:
            self._beside.say(words)
            return
        self._lines.say(head_words(words) if name in _HEADS else words)

    def _judge_formula(self, formula: str) -> None:
        """Raises SecrecyMarked."""
        if is_starred(words_of_formula(formula)):
            raise SecrecyMarked(place=self._name + self._place)
        fault = fault_of_formula(formula, of_chart=bool(self._open) and self._open[0] == "chartSpace")
        if fault is not None:
            self._note(FieldFetches(part=self._name + self._place, field=fault))

    def _judge_link(self, target: str, *, fits: bool) -> None:
        if not fits or (self._standard.is_strict and not is_within(target)):
            self._note(LinkOutside(part=self._name, target=target[:LONGEST_SHOWN]))

    def _note(self, refusal: BadInput) -> None:
        if len(self._found) < _MOST_FAULTS:
            self._found.append(refusal)

    def on_field_sign(self, attributes: Mapping[str, str]) -> None:
        self._fields.mark(attributes.get("fldCharType", ""))

    def on_simple_field(self, attributes: Mapping[str, str]) -> None:
        self._fields.simple(attributes.get("instr", ""))

    def on_above(self, _attributes: Mapping[str, str]) -> None:
        self._above += 1

    def on_tab(self, _attributes: Mapping[str, str]) -> None:
        self._lines.say("\t")

    def on_run(self, _attributes: Mapping[str, str]) -> None:
        self._is_symbols = False

    def on_font(self, attributes: Mapping[str, str]) -> None:
        self._is_symbols = any(value.lower().startswith(_SYMBOL_FONTS) for value in attributes.values())

    def on_symbol(self, attributes: Mapping[str, str]) -> None:
        code = attributes.get("char", "")
        if len(code) == _CODE_LENGTH and set(code) <= set(hexdigits):
            self._lines.say(as_symbol(chr(int(code, 16))))

    def on_sheet(self, attributes: Mapping[str, str]) -> None:
        self._lines.say("\n" + attributes.get("name", "") + "\n")

    def on_cell(self, attributes: Mapping[str, str]) -> None:
        self._place = f"，单元格{attributes['r'][:10]}" if "r" in attributes else ""

    def on_range(self, attributes: Mapping[str, str]) -> None:
        self._place = f"，单元格{attributes.get('sqref', '')[:30]}"

    def on_defined_name(self, attributes: Mapping[str, str]) -> None:
        name = attributes.get("name", "")
        self._place = f"，名称{name[:30]}"
        if name.lower().removeprefix("_xlnm.").startswith(_RUN_BY_ITSELF):
            self._note(MacrosInside(part=self._name + self._place))

    def on_embedded(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("link") or attributes.get("Type") == "Link" or not attributes.get("id"):
            self.on_linked(attributes)

    def on_linked(self, _attributes: Mapping[str, str]) -> None:
        self._note(ObjectInside(part=self._name))

    def on_merged_data(self, _attributes: Mapping[str, str]) -> None:
        if "mailMerge" in self._open:
            self._note(ObjectInside(part=f"{self._name}，邮件合并的数据源"))

    def on_link(self, attributes: Mapping[str, str]) -> None:
        """Judge a link inside the document; with an address, which is a relationship, it is a place of that page."""
        if not attributes.get("id"):
            for key in ("location", "anchor", "docLocation"):
                self._judge_link(attributes.get(key, ""), fits=is_place(attributes.get(key, "")))

    def on_address(self, attributes: Mapping[str, str]) -> None:
        for key in ("URI", "Base"):
            self._judge_link(attributes.get(key, ""), fits=key not in attributes or may_be_clicked(attributes[key]))

    def on_data_source(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("type", "worksheet") not in ("worksheet", "consolidation", "scenario"):
            self._note(ObjectInside(part=f"{self._name}，数据透视表的外部数据源"))

    def on_threshold(self, attributes: Mapping[str, str]) -> None:
        self._judge_formula(attributes.get("val", ""))


_STARTS = {
    "fldChar": Part.on_field_sign,
    "fldSimple": Part.on_simple_field,
    "tab": Part.on_tab,
    **dict.fromkeys(_ABOVE, Part.on_above),
    "r": Part.on_run,
    **dict.fromkeys(("rFonts", "rFont", "latin"), Part.on_font),
    "sym": Part.on_symbol,
    "sheet": Part.on_sheet,
    "c": Part.on_cell,
    **dict.fromkeys(_RANGES, Part.on_range),
    "definedName": Part.on_defined_name,
    "hyperlink": Part.on_link,
    "URI": Part.on_address,
    "cacheSource": Part.on_data_source,
    "cfvo": Part.on_threshold,
    **dict.fromkeys(_EMBEDDED, Part.on_embedded),
    **dict.fromkeys(_LINKED, Part.on_linked),
    **dict.fromkeys(_MERGED, Part.on_merged_data),
}
