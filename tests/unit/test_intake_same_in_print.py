"""One text says the same as plain text, as a Word file and as a PDF of the official layout."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.printed import official_pdf, plain_docx
from tracker.domain.readings.item import Item
from tracker.gateways.document_files import read_within
from tracker.intake import read_documents

_HEAD = ["启明市人民政府办公室", "启政办〔2023〕12号", "关于开展河湖清洁行动的通知", "各县区人民政府，市直各部门："]
_CLOSING = ["本方案自印发之日起施行。"]
_WIDTHS = str.maketrans("：；，（）", ":;,()")
_TITLES = (
    "整治河道",
    "修补堤坝",
    "更换启闭机",
    "推进清洁小流域建设",
    "完善“河长制+检察长”协作机制",
    "提升PM2.5监测能力",
)
_SENTENCES = (
    "全面清理河道垃圾{n}公里，2023年6月底前完成。",
    "每季度巡查一次，建立问题台账，对发现的问题逐一销号。",
    "确保水质优良比例达到9{n}.5%以上，岸线占用率控制在0.{n}‰以下。",
    "新建污水处理厂{n}座，新增日处理能力{n}0000吨，力争2023年12月31日前投入运行。",
    "建立“一河一策”档案，定期公布河长名单，接受社会监督。",
)
_BODIES = ("市水利局", "市城管局", "市生态环境局", "市农业农村局", "市财政局", "市应急局", "市工业和信息化局")
_ANNOTATIONS = (
    "（牵头单位：{a}；责任单位：{b}、{c}，各县区人民政府）",
    "（责任单位：{a}、{b}）",
    "（{a}牵头，{b}、{c}配合）",
    "\n责任单位：{a}、{b}\n完成时限：2023年9月底前",
    "\n牵头单位：{a}\n配合单位：{b}、{c}",
)
_ITEM = st.tuples(
    st.sampled_from(_TITLES),
    st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=4, unique=True),
    st.permutations(_BODIES),
    st.sampled_from(_ANNOTATIONS),
    st.integers(1, 9),
)
_CHAPTERS = st.lists(st.lists(_ITEM, min_size=1, max_size=5), min_size=1, max_size=3)


def _paragraphs(chapters: list[list[tuple[str, list[str], list[str], str, int]]]) -> list[str]:
    found = [*_HEAD, "2023年3月1日"]
    for n, items in enumerate(chapters):
        found.append(f"{'一二三'[n]}、{('重点任务', '能力建设', '长效管护')[n]}")
        for m, (title, sentences, (a, b, c, *_), annotation, number) in enumerate(items, start=1):
            words = "".join(sentences).format(n=number) + annotation.format(a=a, b=b, c=c)
            found += f"{m}.{title}。{words}".split("\n")
    return [*found, *_CLOSING]


def _facts(raw: str) -> list[object]:
    facts: list[object] = []
    for reading in read_documents(raw):
        facts.append((reading.number, reading.title, reading.issued_on, reading.expires_on))
        facts += [fact for item in reading.items for fact in _of_item(item)]
    return facts


def _of_item(item: Item) -> list[object]:
    fields = ("label", "kind", "title", "leads", "supports", "groups", "deadline", "targets", "cadences")
    return [(name, str(getattr(item, name)).translate(_WIDTHS)) for name in fields]


def _ending_alike() -> list[list[tuple[str, list[str], list[str], str, int]]]:
    """Two pages end with the same rest of a name, one line below the text: it belongs to the text."""
    whole, least = list(_SENTENCES[:4]), list(_SENTENCES[:3])
    at_end = ["市水利局", "市农业农村局", "市生态环境局"]
    others = ["市水利局", "市城管局", "市生态环境局"]
    two, field, three = _ANNOTATIONS[1], _ANNOTATIONS[3], _ANNOTATIONS[0]
    return [
        [
            ("整治河道", least[:1], others, field, 1),
            ("整治河道", whole, others, three, 1),
            ("推进清洁小流域建设", whole, at_end, two, 1),
            ("整治河道", least, others, field, 1),
        ],
        [
            ("整治河道", least, others, three, 1),
            ("整治河道", least, others, two, 1),
            ("推进清洁小流域建设", whole, at_end, two, 1),
        ],
    ]


@example(_ending_alike())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(_CHAPTERS)
def test_one_text_says_the_same_however_it_is_printed(
    chapters: list[list[tuple[str, list[str], list[str], str, int]]],
) -> None:
    paragraphs = _paragraphs(chapters)
    expected = _facts("\n".join(paragraphs))
    with tempfile.TemporaryDirectory() as folder:
        docx, pdf = Path(folder) / "a.docx", Path(folder) / "a.pdf"
        plain_docx(docx, paragraphs)
        official_pdf(pdf, paragraphs, flush=4)
        assert _facts(read_within(str(docx), "docx")) == expected
        assert _facts(read_within(str(pdf), "pdf")) == expected
