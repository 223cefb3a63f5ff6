"""PDFs: paragraphs by where they begin, ruled tables, words that are drawn twice, across others or turned."""

from pathlib import Path

from tests.support.printed import LEFT, PITCH, SIZE, TOP, Sheet, official_pdf, write_pdf
from tracker.gateways.document_files import read_within
from tracker.intake import read_documents
from tracker.intake.normalise import normalise

_HEAD = ["启明市人民政府办公室", "启政办〔2023〕12号", "关于开展河湖清洁行动的通知"]


def _text(path: Path) -> str:
    return normalise(read_within(str(path), "pdf"))


def _lines(*lines: str, x: float = LEFT, top: float = TOP) -> list[tuple[float, float, str]]:
    return [(x, top - n * PITCH, words) for n, words in enumerate(lines)]


def test_paragraphs_are_told_by_their_indent(tmp_path: Path) -> None:
    paragraphs = [
        *_HEAD,
        "一、重点任务",
        "1.整治河道。市水利局组织清理河道垃圾，全市河道水面无漂浮物、岸坡无垃圾、水体无异味，森林覆盖率控制在0.9‰以下。",
        "市城管局负责清运，2023年6月底前完成。各县区人民政府要建立台账，每月报送进展情况，并对辖区内河段逐一登记、逐一销号。",
        "2.修补堤坝。（责任单位：市应急局）",
    ]
    official_pdf(tmp_path / "a.pdf", paragraphs, flush=3)
    assert _text(tmp_path / "a.pdf").split("\n") == paragraphs


def test_a_paragraph_goes_on_over_the_page_and_its_number_is_gone(tmp_path: Path) -> None:
    long = "整治河道。" + "清理河道垃圾并建立巡查台账，" * 60 + "全部完成。"
    official_pdf(tmp_path / "a.pdf", [*_HEAD, long, "责任单位：市水利局", long, "责任单位：市水利局"], flush=3)
    assert _text(tmp_path / "a.pdf").split("\n")[3:] == [long, "责任单位：市水利局"] * 2


def test_words_drawn_twice_are_read_once_and_those_across_lines_are_not(tmp_path: Path) -> None:
    sheet = Sheet(_lines("启明市人民政府办公室", "检修水闸并更换启闭机三台，", "年底前完成。"))
    sheet.others = [(LEFT + 0.4, TOP, SIZE, "启明市人民政府办公室"), (LEFT + 60, TOP - 1.3 * PITCH, 40, "内部材料")]
    write_pdf(tmp_path / "a.pdf", [sheet])
    assert _text(tmp_path / "a.pdf").split("\n") == [
        "启明市人民政府办公室",
        "检修水闸并更换启闭机三台，",
        "年底前完成。",
    ]


def test_a_page_that_is_drawn_turned_is_read_in_lines(tmp_path: Path) -> None:
    words = ["启明市人民政府办公室", "检修水闸并更换启闭机三台。", "修补堤坝并建立巡查台账。"]
    sheet = Sheet([(100.0 + n * PITCH, 80.0, line) for n, line in enumerate(words)], matrix="0 1 -1 0")
    write_pdf(tmp_path / "a.pdf", [sheet])
    assert read_within(str(tmp_path / "a.pdf"), "pdf").split("\n") == words


_XS, _HIGH = (80.0, 130.0, 300.0, 400.0, 500.0), 30.0


def _ruled(top: float, rows: list[list[str]], merged: frozenset[tuple[int, int]] = frozenset()) -> Sheet:
    """Draw rows in a grid; a cell in `merged` has no line above it."""
    sheet = Sheet(size=12)
    for row in range(len(rows) + 1):
        for column in range(len(_XS) - 1):
            if (row, column) not in merged:
                y = top - row * _HIGH
                sheet.rules.append((_XS[column], y, _XS[column + 1], y))
    sheet.rules += [(x, top, x, top - len(rows) * _HIGH) for x in _XS]
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            for n, line in enumerate(words.split("\n")):
                if line:
                    sheet.words.append((_XS[column] + 4, top - row * _HIGH - 12 - n * 13, line))
    return sheet


def test_a_ruled_table_keeps_its_cells_also_merged_and_over_the_page(tmp_path: Path) -> None:
    head = ["序号", "任务", "责任单位", "时限"]
    first = _ruled(
        600.0,
        [head, ["1", "清理河道垃圾三十公里以及两岸\n杂物", "市水利局", "6月底前"], ["2", "修补堤坝", "", "9月底前"]],
        merged=frozenset({(2, 2)}),
    )
    first.words += _lines(*_HEAD, "2023年3月1日", "附件", top=780.0)
    second = _ruled(780.0, [head, ["3", "更换水闸", "", "9月底前"], ["4", "公布名单", "市河长办\n市财政局", "长期"]])
    write_pdf(tmp_path / "a.pdf", [first, second])
    (reading,) = read_documents(read_within(str(tmp_path / "a.pdf"), "pdf"))
    assert [(item.title, [lead.printed for lead in item.leads]) for item in reading.items] == [
        ("清理河道垃圾三十公里以及两岸杂物", ["市水利局"]),
        ("修补堤坝", ["市水利局"]),
        ("更换水闸", ["市水利局"]),
        ("公布名单", ["市河长办"]),
    ]
    assert [support.printed for support in reading.items[3].supports] == ["市财政局"]
    assert [str(item.deadline.on) for item in reading.items if item.deadline] == [
        "2023-06-30",
        "2023-09-30",
        "2023-09-30",
    ]


def test_columns_without_rules_are_told_by_their_heads(tmp_path: Path) -> None:
    sheet = Sheet(_lines(*_HEAD), size=14)
    for row, cells in enumerate(
        (("序号", "任务", "责任单位"), ("1", "清理河道垃圾", "市水利局"), ("2", "修补堤坝", "市应急局"))
    ):
        sheet.words += [(x, 560.0 - row * PITCH, words) for x, words in zip((80.0, 130.0, 330.0), cells, strict=True)]
    write_pdf(tmp_path / "a.pdf", [sheet])
    (reading,) = read_documents(read_within(str(tmp_path / "a.pdf"), "pdf"))
    assert [item.leads[0].printed for item in reading.items] == ["市水利局", "市应急局"]
