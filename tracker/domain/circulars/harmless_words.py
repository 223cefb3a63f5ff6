"""Words that hold 批评, 表彰 or 弄虚作假 and judge no unit, told from the same words where they do.

A compound is harmless in its clause only: 「收到代表批评意见3件」 tells of letters, 「给予市商务局批评意见」 is
criticism. Where a clause can be read either way it judges: who wrote it puts it otherwise. Names of units stand as 某
in the words.
All quantifiers are bounded, and no two readings of one stretch compete.
"""

import re

FALSITY = ("弄虚作假", "虚报", "瞒报", "谎报", "数据造假")
_CLAUSES = re.compile(r"[^，,：:。！？；!?;]*[，,：:。！？；!?;]?")

# 批评意见 that somebody gave us: it is harmless where it was collected, or is dealt with. Whose it is stands between.
_OPINIONS = "(?:建议、批评和意见|(?:意见、)?批评(?:、|和)?(?:意见建议|意见和建议|意见|建议))"
_WHOSE = (
    "(?:了|到|过|的|各方面|各方|各界|各|有关|社会|市|省|县|区|人大|政协|某(?=代表|委员)|代表|委员|常委会|群众|企业|市民"
    "|公众|基层|网民|媒体|服务对象|提出|反映|转来|交办|、|和|及|[0-9]|条|件|项|余|多|个|一些|部分){0,12}"
)
_COLLECTED = re.compile(
    "(?:收到|接到|征求|征集|收集|听取|采纳|吸收|接受|对待|回应|梳理|汇总|整理|研究|办理|答复|办结)"
    f"{_WHOSE}{_OPINIONS}"  # e.g. 市商务局收到人大代表批评意见3件  # but not 办理不力提出批评意见
    "|(?:征求|征集|收集)对某的?" + _OPINIONS  # e.g. 征求对市商务局的批评意见  # but not 听取对市商务局的批评意见
)
_DEALT_WITH = re.compile(f"{_OPINIONS}(?:的|共|均|已|全部|按期|[0-9]|条|件|项){{0,8}}(?:办理|答复|采纳|办结|征集|收集)")
# 自我批评, 表彰大会 …: somebody's own, or an occasion.
_OWN = re.compile("(?:批评(?:与|和|、))?自我批评")
_OCCASIONS = re.compile("表彰大会|评选表彰(?!为)|表彰奖励办法")
# What puts a clause upon a unit: 「对市商务局开展评选表彰」, 「市商务局获评选表彰」, 「责令市商务局作自我批评」.
_UPON = re.compile("(?:[对向给将]|(?<![作成因名称认])为)某|予以|给予|受到|获|被(?!邀)")
_ORDERED = re.compile("责令|责成|勒令|要求|督促")
# Who is not criticised, or not any more: 「未点名批评任何单位」. 「不得不予以批评」 is none of it.
_DENIED = re.compile(
    "(?<!不得)(?<!不能)(?<!不可)(?<!不会)(?<!不应)(?<!不是)(?<!并非)(?<!无法)"
    "(?:未|没有|没|不予|不再|不作|免予|无需)(?:予以|予|给予|进行|被|受到|受|点名|通报|公开|再){0,8}"
    "(?:批评|谴责|表扬|表彰|嘉奖)"
)
# Falsehoods that are forbidden, were not found or are only supposed: 「严禁弄虚作假」, 「不虚报、不瞒报」.
_FALSE = f"(?:{'|'.join(FALSITY)})"
_NOT_SAID_OF = re.compile(
    "(?:严禁|禁止|杜绝|防止|严防|防范|谨防|不得|不准|不许|(?<!并非)(?<!不是)(?:未发现|没有发现|未见|不存在)|如有|若有|凡"
    "|一经发现|(?<!不得)(?<!不能)(?<!无法)[不未])(?:出现|发生|存在|任何|有|、){0,3}"
    f"{_FALSE}(?:[、和或]{_FALSE}){{0,4}}"
)
# A title that is nothing but a judgement: 「送达《通报批评》」.
_BARE_TITLE = re.compile(
    "《(?:关于)?(?:予以|给予|通报|公开|点名){0,3}(?:批评|谴责|表扬|表彰|嘉奖)(?:信|书|令|的?(?:决定|通报|通知书?|意见))?》"
)


def is_bare(title: str) -> bool:
    """Tell whether a title 《》 says a judgement and nothing else."""
    return _BARE_TITLE.fullmatch(title) is not None


def without_harmless(words: str) -> str:
    """Return words without what has the words of a judgement and judges nobody."""
    return _NOT_SAID_OF.sub("", _DENIED.sub("", "".join(_judging(clause) for clause in _CLAUSES.findall(words))))


def _judging(clause: str) -> str:
    if "批评" not in clause and "表彰" not in clause:
        return clause
    left, upon = _COLLECTED.sub("", clause), _UPON.search(clause)
    if upon is None:
        left = _OCCASIONS.sub("", _DEALT_WITH.sub("", left))
        left = left if _ORDERED.search(clause) else _OWN.sub("", left)
    return left
