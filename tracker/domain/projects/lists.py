"""Lists of projects as a document prints them, and who keeps each: who supplies its data enters and corrects it."""

from collections.abc import Collection
from dataclasses import dataclass

from tracker.domain.accounts import OF_A_UNIT, NotYourTask, Role
from tracker.domain.errors import BadInput


class NoSuchList(BadInput):
    """No list is called like this; facts: name."""

    code = "no_such_project_list"


class NotKeeperOfList(NotYourTask):
    """The document names others as those who supply the list; facts: lists, keepers."""

    code = "not_keeper_of_list"


@dataclass(frozen=True, slots=True)
class ProjectList:
    """A list by the sentence that orders it. `batch`: projects come in month by month, else the list stands.

    `yearly`: a project stands on it for the year for which it is listed, else until it is taken off.
    `keepers` are codes of units, none where the document prints nobody. `confirmed`: 开工 and 竣工 count once the
    organiser has confirmed them (驻政办〔2022〕53号 附件2一（二）, 附件3一（二）).
    `in_statistics`: it is asked how many of it stand in the statistics (附件1一（十二）).
    """

    code: str
    name: str
    clause: str
    sentence: str
    keepers: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    batch: bool = False
    yearly: bool = False
    confirmed: bool = False
    in_statistics: bool = False

    def of_year(self, evaluated: int) -> int | None:
        """Return the year of the rows that say who stands on it in a year; None where those of any year do."""
        return evaluated if self.yearly else None


@dataclass(frozen=True, slots=True)
class ProjectLists:
    """The lists of a document. `organiser` checks on site, `statistics` says what stands in the statistics."""

    document: str
    organiser: str
    statistics: str
    lists: tuple[ProjectList, ...]

    def get(self, code: str) -> ProjectList | None:
        """Return the list with a code, None where there is none."""
        return next((one for one in self.lists if one.code == code), None)

    def need(self, code: str) -> ProjectList:
        """Return the list with a code. Raises NoSuchList."""
        found = self.get(code)
        if found is None:
            raise NoSuchList(name=code)
        return found

    def called(self, name: str) -> ProjectList | None:
        """Return the list that a scheme or an export names, quotation marks or not; None where none or several."""
        wanted = _folded(name)
        found = [one for one in self.lists if wanted in {_folded(known) for known in (one.name, *one.aliases)}]
        return found[0] if len(found) == 1 else None

    def meant(self, name: str) -> ProjectList:
        """Return the list that a scheme names, by what it is called or by its code. Raises NoSuchList."""
        return self.called(name) or self.need(name)

    def names(self, codes: Collection[str]) -> tuple[str, ...]:
        """Return the printed names of lists in printed order."""
        return tuple(one.name for one in self.lists if one.code in codes)


NO_LISTS = ProjectLists("", "", "", ())


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who acts on projects: a role, and the code of the unit."""

    role: Role
    unit: str | None


def organises(keeper: Keeper, lists: ProjectLists) -> bool:
    """Tell who organises: the office, for the organiser takes no work here, or the organiser's own people."""
    return keeper.role is Role.SUPERVISOR or (keeper.role in OF_A_UNIT and keeper.unit == lists.organiser)


def kept_by(keeper: Keeper, lists: ProjectLists) -> tuple[ProjectList, ...]:
    """Return the lists that somebody enters and corrects: those that the document says he supplies or ranks by.

    Where it names nobody, who organises does.
    """
    return tuple(
        one
        for one in lists.lists
        if (keeper.role in OF_A_UNIT and keeper.unit in one.keepers) or (not one.keepers and organises(keeper, lists))
    )


def keeps_any(keeper: Keeper, lists: ProjectLists, *, codes: Collection[str]) -> bool:
    """Tell whether one of some lists is somebody's to keep; what stands on no list is the organiser's."""
    if not codes:
        return organises(keeper, lists)
    return any(one.code in codes for one in kept_by(keeper, lists))


def says_statistics(keeper: Keeper, lists: ProjectLists) -> bool:
    """Tell whether somebody says which projects stand in the statistics (附件1一（十二） 由市统计局提供数据)."""
    return keeper.role in OF_A_UNIT and keeper.unit == lists.statistics


def read_by(keeper: Keeper, lists: ProjectLists) -> frozenset[str]:
    """Return the codes of the lists whose projects somebody reads wherever they are: those that he supplies.

    Whoever supplies the statistics reads those of which it is asked what stands in them (附件1一（十二）).
    """
    own = {one.code for one in kept_by(keeper, lists)}
    asked = {one.code for one in lists.lists if one.in_statistics} if says_statistics(keeper, lists) else set()
    return frozenset(own | asked)


def _folded(name: str) -> str:
    return "".join(sign for sign in name if sign not in '“”"「」『』 　')
