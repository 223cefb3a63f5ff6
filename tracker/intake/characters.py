"""One character for each thing: line ends, radicals that stand for words, digits and marks of other widths.

PDFs of some programs write radicals in the place of the words that look like them; forms of other widths come from
old keyboards. Punctuation of the ordinary full width stays as it was printed.
"""

import re
import unicodedata

from tracker.domain.readings.layout import MERGED, PARAGRAPH
from tracker.intake.expressions import expression

# Radicals of simplified words, for which Unicode's tables name no equivalent.
_RADICALS = dict(
    zip(
        "⺁⺃⺄⺆⺇⺈⺊⺌⺍⺎⺏⺐⺑⺒⺓⺔⺖⺗⺘⺙⺛⺝⺞⺟⺠⺢⺣⺤⺥⺦⺧⺨⺩⺪⺬⺭⺮⺯⺰⺱⺲⺵⺶⺷⺹⺺⺼⺽⺾⺿⻁⻂⻃⻄⻅⻆⻇⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂乛乙冂几刀卜小小尢尢尢允巳幺彑忄心扌攵旡月歺母民氺灬爫爫丬牛犭王疋示礻竹糹纟罓罒罒羊羊耂聿月臼艹艹虎衤西西见角角讠贝车辶辶辶邑钅长镸长门阜阝雨青韦页风飞食飠饣饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)
_KANGXI = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_IDEOGRAPHS = {
    chr(code): unicodedata.normalize("NFKC", chr(code))
    for code in range(0xF900, 0xFB00)
    if len(unicodedata.normalize("NFKC", chr(code))) == 1
}
_WIDE = {chr(0xFF10 + n): str(n) for n in range(10)} | {
    chr(code + 0xFEE0): chr(code) for code in [*range(0x41, 0x5B), *range(0x61, 0x7B)]
}
_SMALL = dict(
    zip("﹐﹑﹒﹔﹕﹖﹗﹘﹙﹚﹛﹜﹝﹞﹟﹠﹡﹢﹣﹤﹥﹦﹩﹪", "，、.；：？！—（）{}〔〕#&*+-<>=$%", strict=True)
)
_LINE_ENDS = {"\x0b": "\n", "\x85": "\n", "\u2028": "\n"}
_STANDS_FOR = {**_RADICALS, **_KANGXI, **_IDEOGRAPHS, **_WIDE, **_SMALL, **_LINE_ENDS}
# Nearly no text holds any of them: to look for them all at once costs a tenth of asking for each character of the text.
# e.g. ⺠
# e.g. ９
_OTHER_FORM = expression(f"[{re.escape(''.join(_STANDS_FOR))}]")
# Marks that programs leave between characters and nobody sees.
# e.g. 市政府\u200b办公室
_UNSEEN = expression(
    f"[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u2029-\u202e\u2060\ufe00-\ufe0f\ufeff](?<![{MERGED}{PARAGRAPH}])"
)
# A full-width point or sign between digits belongs to the number.
# e.g. 98．5
# but not 1．改造管网
_POINT = expression(r"．(?<=\d．)(?=\d)")
# e.g. 98.5％
_PER_CENT = expression(r"％(?<=\d％)")


def folded(raw: str) -> str:
    """Return the text with one character for each thing, and with line ends of one kind."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = _OTHER_FORM.sub(lambda found: _STANDS_FOR[found.group()], text)
    return _PER_CENT.sub("%", _POINT.sub(".", _UNSEEN.sub("", text)))
