"""What templates of the office are tried out with: one paper that has everything, one that has only what it must."""

from dataclasses import replace
from datetime import date

from tracker.domain.circulars.kinds import CircularType
from tracker.paper.documents import Annex, Column, OfficialDocument
from tracker.paper.letterheads import letterhead

_COLUMNS = (Column("序号", 844, "center"), Column("事项", 8000))


def sample(kind: CircularType) -> OfficialDocument:
    """Return a paper of a type in which every field has words."""
    head = letterhead(kind)
    return OfficialDocument(
        mark=head.mark,
        number=head.number(2022, 1),
        title=head.title.format(name=head.name, matter="重点工作"),
        addressees=head.addressees or "各有关单位",
        body=((0, "这里是正文。"), (1, "一、这里是一级标题"), (0, "这里是标题下的正文。")),
        signature=head.name,
        dated_on=date(2022, 11, 1),
        print_office=head.print_office,
        annexes=(Annex("事项清单", _COLUMNS, (("1", "样例事项"),)),),
        copies=head.copies or "有关单位",
        note="联系人：×××",
    )


def trials() -> tuple[OfficialDocument, OfficialDocument]:
    """Return the fullest paper and the barest: what both can be put into takes any, whatever its type."""
    annex = Annex("事项清单", _COLUMNS, (("1", "样例事项"),))
    full = replace(sample(CircularType.SUPERVISION), urgency="特急", joint=("样例机关",), annexes=(annex, annex))
    bare = replace(full, body=full.body[:1], addressees="", copies="", note="", urgency="", joint=(), annexes=())
    return full, bare
