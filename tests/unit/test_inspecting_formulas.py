"""Formulas compute with what the file holds, wherever they stand; what fetches or starts is refused."""

import re
from io import BytesIO

import pytest

from tests.support.hostile_files import open_xml, word
from tracker.domain.errors import BadInput
from tracker.inspection import refusals
from tracker.inspection.files import inspect_file
from tracker.inspection.functions import ALLOWED_FUNCTIONS
from tracker.wording.refusals import sentence

_FUNCTIONS = """
    WEBSERVICE FILTERXML _xlfn.IMAGE _xlfn._xlws.PY PY _xlfn.STOCKHISTORY FIELDVALUE _xlfn.TRANSLATE COPILOT RTD
    CUBEVALUE CUBEMEMBER CUBESET CUBESETCOUNT CUBERANKEDMEMBER CUBEKPIMEMBER CUBEMEMBERPROPERTY CALL REGISTER
    REGISTER.ID EXEC EVALUATE FOPEN FWRITE DDE DDEINITIATE SQL.REQUEST SQL.OPEN GET.WORKSPACE RUN _xludf.X
    _xlfn.WEBSERVICE COM.MICROSOFT.WEBSERVICE ORG.LIBREOFFICE.WEBSERVICE 自定义 MyMacro
"""
_REFUSED = (
    *(f"{name}(A1)" for name in _FUNCTIONS.split()),
    *("1+webservice\n (A1)", "SUM(1,IF(A1,CALL(B1)))", "BYROW(A1:A3,_xleta.WEBSERVICE)", "_xlfn.WEBSERVICE"),
    *("cmd|'/c calc'!A1", "'cmd'|'/c calc'!A1", "Excel|S!R1C1", "'cmd|/c calc'!A1"),
    *(
        "'\\\\evil\\[a.xls]S'!A1",
        "'\\\\evil\\a.xls'!Name",
        "\\\\evil\\[a.xls]S!A1",
        "[1]S!A1",
        "'[1]一 月'!A1",
        "[a.xls]S!A1",
    ),
    *(
        "[1]!Name",
        "SUM([2]S!A:A)",
        "'http://e/[a.xls]S'!A1",
        "'file:///c:/a.xls'#$S.A1",
        "'C:\\[a.xls]S'!A1",
        "[1]'S'!A1",
    ),
    *('HYPERLINK("file:///c:/x.exe")', "HYPERLINK(A1)", 'HYPERLINK("h"&A1)', 'HYPERLINK(("http://a"))', "HYPERLINK()"),
    *("INDIRECT(\"'\\\\evil\\[a.xls]S'!A1\")", 'INDIRECT("[a.xls]S!A1")', "INDIRECT(\"cmd|'/c calc'!A1\")"),
    *('"a""WEBSERVICE("&WEBSERVICE(A1)', '"never ended &WEBSERVICE(A1)', "Table1[WEBSERVICE(]+WEBSERVICE(A1)"),
)
_PASS = (
    *(
        "SUM(A1:B2)",
        "sum (A1)",
        "_xlfn.XLOOKUP(A1,B:B,C:C)",
        "_xlfn._xlws.SORT(A1:A3)",
        "_xlfn.LAMBDA(_xlpm.f,_xlpm.f(1))",
    ),
    *(
        'IF(A1="WEBSERVICE(1)","cmd|\'/c\'!A1","\\\\evil")',
        "SUM('1月:12月'!A1)",
        "'O''Brien'!A1",
        "Table1[[#This Row],[电话(手机)]]",
    ),
    *(
        "SUM(Table1[数],Table1['#号])",
        "[@数]*2",
        "[0]!名称",
        'HYPERLINK("https://www.gov.cn","网")',
        "A1:B3 (B2:C4)",
        "#REF!",
    ),
    *(
        'HYPERLINK("#"&A2&"!A1",A2)',
        'INDIRECT("\'"&A1&"\'!B2")',
        'INDIRECT("表1[名称]")',
        '_xlfn.DISPIMG("ID_1",1)',
        "{1,2;3,4}",
    ),
    *(
        '"是,否"',
        "_xlnm.Print_Area",
        "COM.MICROSOFT.CONCAT(A1)",
        "_xlfn.BYROW(A1:A3,_xleta.SUM)",
        "1/2",
        'TEXT(A1,"[h]:mm")',
    ),
)
# A chart names the workbook behind it like this.
_BOOKS_BEHIND = ("[a.xls]S!A1", "[1]S!A1", "SUM([2]S!A:A)", "'[1]一 月'!A1", "[1]!Name", "[1]'S'!A1")
_NS = 'xmlns:x="urn:x" xmlns:c="urn:c"'
# Wherever a formula stands: the part, and its text around `|`.
_PLACES = {
    "cell": ("xl/worksheets/sheet1.xml", '<worksheet><c r="B3"><f t="shared">|</f></c></worksheet>'),
    "name": ("xl/workbook.xml", '<workbook><definedName name="甲">|</definedName></workbook>'),
    "colour": (
        "xl/worksheets/sheet1.xml",
        '<a><conditionalFormatting sqref="B3:C4"><cfRule><formula>|</formula></cfRule></conditionalFormatting></a>',
    ),
    "threshold": ("xl/worksheets/sheet1.xml", '<a><cfvo type="formula" val="|"/></a>'),
    "choice": (
        "xl/worksheets/sheet1.xml",
        '<a><dataValidation sqref="B3"><formula1>|</formula1></dataValidation></a>',
    ),
    "second bound": ("xl/worksheets/sheet1.xml", "<a><dataValidation><formula2>|</formula2></dataValidation></a>"),
    "later choice": ("xl/worksheets/sheet1.xml", f"<a {_NS}><x:formula1><x:f>|</x:f></x:formula1></a>"),
    "column": ("xl/tables/table1.xml", "<a><calculatedColumnFormula>|</calculatedColumnFormula></a>"),
    "total": ("xl/tables/table1.xml", "<a><totalsRowFormula>|</totalsRowFormula></a>"),
    "pivot": ("xl/pivotCache/p.xml", '<a><cacheField formula="|"/></a>'),
    "text box": ("xl/drawings/drawing1.xml", '<a><sp textlink="|"/></a>'),
    "button": ("xl/drawings/drawing1.xml", '<a><sp macro="|"/></a>'),
    "control": ("xl/ctrlProps/c.xml", '<formControlPr fmlaLink="|"/>'),
    "old control": ("xl/drawings/vmlDrawing1.vml", f"<a {_NS}><x:FmlaMacro>|</x:FmlaMacro></a>"),
    "chart": ("xl/charts/chart1.xml", f"<c:chartSpace {_NS}><c:f>|</c:f></c:chartSpace>"),
    "revision": ("xl/revisions/r.xml", "<a><oldFormula>|</oldFormula></a>"),
}


def _with(place: str, formula: str) -> bytes:
    part, around = _PLACES[place]
    written = re.sub('[&<"\n]', lambda sign: f"&#{ord(sign[0])};", formula)
    return open_xml("xlsx", (part, around.replace("|", written).encode()))


@pytest.mark.parametrize("place", _PLACES)
def test_a_formula_that_reaches_out_is_refused_wherever_it_stands(place: str) -> None:
    said = {}
    for formula in _REFUSED:
        if place != "chart" or formula not in _BOOKS_BEHIND:
            with pytest.raises(refusals.FieldFetches) as refused:
                inspect_file(BytesIO(_with(place, formula)), ending="xlsx")
            said[formula] = str(refused.value.facts["part"])
    assert all(_PLACES[place][0] in each for each in said.values())


@pytest.mark.parametrize("place", _PLACES)
def test_a_formula_that_computes_passes_wherever_it_stands(place: str) -> None:
    for formula in (*_PASS, *(f"{name}(A1)" for name in sorted(ALLOWED_FUNCTIONS - {"HYPERLINK"}))):
        inspect_file(BytesIO(_with(place, formula)), ending="xlsx")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("cell", "单元格B3：EXEC"),
        ("name", "名称甲：EXEC"),
        ("colour", "单元格B3:C4：EXEC"),
        ("choice", "单元格B3：EXEC"),
    ],
)
def test_the_sentence_says_where_and_which_function(place: str, said: str) -> None:
    with pytest.raises(refusals.FieldFetches) as refused:
        inspect_file(BytesIO(_with(place, 'EXEC("calc")')), ending="xlsx")
    assert said in sentence(refused.value)


@pytest.mark.parametrize(
    "name", ["_xlnm.Auto_Open", "Auto_Open", "auto_close", "_xlnm.Auto_Activate2", "AUTO_DEACTIVATE"]
)
def test_a_name_that_runs_by_itself_is_refused(name: str) -> None:
    part = f'<workbook><definedName name="{name}">S!$A$1</definedName></workbook>'.encode()
    with pytest.raises(refusals.MacrosInside):
        inspect_file(BytesIO(open_xml("xlsx", ("xl/workbook.xml", part))), ending="xlsx")


@pytest.mark.parametrize(
    ("reference", "passes"),
    [
        ("[工作簿1]Sheet1!$A$1", True),
        ("'[Chart in Microsoft Word]Sheet1'!$A$2:$A$5", True),
        ("Sheet1!$B$1", True),
        ("'\\\\evil\\[a.xls]S'!A1", False),
        ("'[http://e/a.xls]S'!A1", False),
        ("cmd|'/c calc'!A1", False),
    ],
)
def test_a_chart_names_the_workbook_behind_it_and_no_other(reference: str, passes: bool) -> None:
    chart = f'<c:chartSpace xmlns:c="urn:c"><c:f>{reference}</c:f></c:chartSpace>'.encode()
    content = word("", ("word/charts/chart1.xml", chart))
    if passes:
        inspect_file(BytesIO(content), ending="docx")
    else:
        with pytest.raises(BadInput):
            inspect_file(BytesIO(content), ending="docx")
