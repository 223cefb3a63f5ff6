"""What can be searched: folded texts and their pairs of characters; both follow from other tables."""

from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint
from sqlmodel import Field, SQLModel

from tracker.domain.searching import SearchKind
from tracker.store.tables.columns import states

# Left out of backups, and filled anew after a restore.
MADE_ANEW = frozenset({"search_text", "search_gram"})
START_BITS = 32


class SearchTextRow(SQLModel, table=True):
    """The folded text of one thing.

    `place` is its id; of a paragraph of a document, the document's id and where the paragraph begins
    (`START_BITS` of it). Larger is newer.
    """

    __tablename__ = "search_text"
    __table_args__ = (
        PrimaryKeyConstraint("kind", "place"),
        states("kind", SearchKind, table="search_text"),
        {"sqlite_with_rowid": False},
    )

    kind: str
    place: int = Field(sa_column=Column(BigInteger, nullable=False))
    text: str


class SearchGramRow(SQLModel, table=True):
    """Two characters side by side in a text; the number says of which kind of text (`domain/searching.grams_of`)."""

    __tablename__ = "search_gram"
    __table_args__ = (PrimaryKeyConstraint("gram", "place"), {"sqlite_with_rowid": False})

    gram: int = Field(sa_column=Column(BigInteger, nullable=False, autoincrement=False))
    place: int = Field(sa_column=Column(BigInteger, nullable=False, autoincrement=False))
