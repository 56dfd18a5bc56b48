"""What an outsider cannot rule out: the worlds in which everything that is shown is true.

A table is a number of whole counts, each 0 or more, and the sums that tie them together. Where a count is not shown,
any number is possible that leaves every sum true. A search here starts from the truth, changes one count and mends
every sum that is broken by that; so it finds another such world, or gives up. It may give up where there is one, never
find one where there is none: who relies on it withholds too much, not too little. Pure: no database, no clock, the
same answer each time.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

#: A count has at most so many digits (`lambeth_plans.fields.FigureField`).
HIGHEST = 10**12
#: Counts of people in this range may point at somebody.
SMALL = range(1, 6)
#: How many steps a search takes before it gives up.
STEPS = 40


@dataclass(frozen=True)
class Sum:
    """The counts `plus` less the counts `less`, by their number in the table, lie between `low` and `high`. With an
    `owner` it is known only as long as that figure is shown: it is what the figure itself says, as a mean does."""

    plus: tuple[int, ...]
    less: tuple[int, ...] = ()
    low: int = 0
    high: int = 0
    owner: int | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        return (*self.plus, *self.less)


@dataclass(frozen=True)
class Count:
    """A number of people. `owner` is the figure it is printed with, None where nothing shows it and only sums tell of
    it. It lies between `low` and `high`, as exactly as the figure gives it; `truth` is what we believe it to be, None
    where we do not know it either."""

    owner: int | None
    truth: int | None
    low: int
    high: int

    @property
    def is_small(self) -> bool:
        return self.truth is not None and self.truth in SMALL


World = dict[int, int]


@dataclass
class Table:
    """Counts and sums; which figures have been published elsewhere, and how large each figure is."""

    counts: list[Count] = field(default_factory=list)
    sums: dict[Sum, None] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    published: set[int] = field(default_factory=set)

    def add(self, count: Count) -> int:
        self.counts.append(count)
        return len(self.counts) - 1

    def tie(self, known: Sum) -> None:
        self.sums[known] = None

    def is_secret(self, number: int, withheld: Collection[int]) -> bool:
        """Whether an outsider does not see this count exactly."""
        count = self.counts[number]
        return count.owner is None or count.owner in withheld or count.low < count.high

    def is_protected(self, number: int) -> bool:
        """Whether this count may never be found out: small, and not published elsewhere."""
        count = self.counts[number]
        return count.is_small and (count.owner is None or count.owner not in self.published)

    def bounds(self, number: int, withheld: Collection[int]) -> tuple[int, int]:
        """What an outsider knows of one count without its sums. Whoever knows us also knows which ones are small."""
        count = self.counts[number]
        if count.owner is not None and count.owner not in withheld:
            return count.low, count.high
        return (SMALL[0], SMALL[-1]) if self.is_protected(number) else (0, HIGHEST)

    def may_be_small(self, number: int, withheld: Collection[int]) -> bool:
        """Withheld for the sake of another one, it is known not to be small: a small one is withheld for its own."""
        count = self.counts[number]
        return count.truth is None or count.is_small or (count.owner is not None and count.owner not in withheld)


def tied(sums: Iterable[Sum], is_secret: Callable[[int], bool]) -> Iterator[tuple[list[int], list[Sum]]]:
    """The secret counts that hang together by sums, with those sums; each group by itself."""
    sums = list(sums)
    group_of: dict[int, dict[int, None]] = {}
    secret = [[number for number in each.numbers if is_secret(number)] for each in sums]
    for numbers in secret:
        merged: dict[int, None] = {}
        for number in numbers:
            merged |= group_of.get(number, {number: None})
        group_of.update(dict.fromkeys(merged, merged))
    sums_of = defaultdict(list)
    for each, numbers in zip(sums, secret, strict=True):
        if numbers:
            sums_of[id(group_of[numbers[0]])].append(each)
    for group in {id(group): group for group in group_of.values()}.values():
        yield sorted(group), sums_of[id(group)]


def possible_values(
    table: Table, withheld: Collection[int], members: Sequence[int], sums: Sequence[Sum], enough: int
) -> dict[int, set[int]]:
    """Protected count → the small values it has in some world, as far as `enough` of them were found. `members` hang
    together by `sums`."""
    search = _Search(table, withheld, members, sums)
    found: dict[int, set[int]] = {number: set() for number in members if table.is_protected(number)}
    worlds = search.beginning()
    for number in found:
        for world in worlds:
            found[number].add(world[number])
    for number, values in found.items():
        for value in SMALL if worlds else ():
            if len(values) >= enough:
                break
            if value not in values and (world := search.another(worlds, number, value)):
                worlds.append(world)
                for each in found:
                    found[each].add(world[each])
    return found


class _Search:
    """Looks for worlds of one group of counts."""

    def __init__(self, table: Table, withheld: Collection[int], members: Sequence[int], sums: Sequence[Sum]) -> None:
        self.bounds = {number: table.bounds(number, withheld) for number in members}
        self.truth = {number: table.counts[number].truth for number in members}
        self.never_small = {number for number in members if not table.may_be_small(number, withheld)}
        self.sums_of: dict[int, list[Sum]] = {number: [] for number in members}
        self.sums = [self._without_known(each, table) for each in sums]
        for each in self.sums:
            for number in each.numbers:
                self.sums_of[number].append(each)
        self.steps = 0

    def _without_known(self, each: Sum, table: Table) -> Sum:
        """The sum over the secret counts alone."""
        shown = sum(table.counts[number].low for number in each.plus if number not in self.bounds)
        shown -= sum(table.counts[number].low for number in each.less if number not in self.bounds)
        plus, less = (tuple(n for n in side if n in self.bounds) for side in (each.plus, each.less))
        return Sum(plus, less, each.low - shown, each.high - shown)

    def beginning(self) -> list[World]:
        """The true world, as far as it is known: the rest is filled in so that the sums are true."""
        world = {number: truth or 0 for number, truth in self.truth.items()}
        fixed = {number for number, truth in self.truth.items() if truth is not None}
        # The sums with the least to fill in first: the others are mostly true then.
        sums = sorted(self.sums, key=lambda each: len(set(each.numbers) - fixed))
        self.steps = -len(sums)
        is_true = self._mend(world, fixed, sums) and all(map(self._may_be, world, world.values()))
        return [world] if is_true else []

    def another(self, worlds: Sequence[World], number: int, value: int) -> World | None:
        """A world in which one count has this value, a few steps from a known one; None where none is found."""
        if not self._may_be(number, value):
            return None
        for known in sorted(worlds, key=lambda world: abs(world[number] - value))[:3]:
            world = {**known, number: value}
            self.steps = 0
            if self._mend(world, {number}, self.sums_of[number]):
                return world
        return None

    def _may_be(self, number: int, value: int) -> bool:
        low, high = self.bounds[number]
        return low <= value <= high and not (number in self.never_small and value in SMALL)

    def _mend(self, world: World, changed: set[int], broken: Sequence[Sum]) -> bool:
        """Changes further counts, each once, until these sums and all that are broken on the way are true."""
        gap = 0
        while broken and not (gap := _gap(broken[0], world)):
            broken = broken[1:]
        if not broken:
            return True
        self.steps += 1
        if self.steps > STEPS:
            return False
        first = broken[0]
        free = [number for number in first.numbers if number not in changed]
        for number in sorted(free, key=lambda number: (len(self.sums_of[number]), -world[number], number)):
            before = world[number]
            world[number] += gap if number in first.plus else -gap
            if self._may_be(number, world[number]):
                others = [each for each in self.sums_of[number] if each is not first]
                if self._mend(world, changed | {number}, [*broken[1:], *others]):
                    return True
            world[number] = before
        return False


def _gap(each: Sum, world: World) -> int:
    """By how much a sum has to grow to be true."""
    total = sum(world[number] for number in each.plus) - sum(world[number] for number in each.less)
    return max(each.low - total, 0) or min(each.high - total, 0)


def least_withheld(table: Table, chosen: set[int], enough: int) -> tuple[set[int], set[int]]:
    """The figures that are withheld beside the chosen ones until each protected count has `enough` possible small
    values, and those that are given away all the same by what is published elsewhere."""
    hidden, given_away = set(chosen), set()
    for members, sums in tied(table.sums, lambda number: True):
        if any(table.is_protected(number) for number in members):
            further, exposed = _Group(table, sums, enough).withhold(chosen)
            hidden |= further
            given_away |= exposed
    return hidden, given_away


class _Group:
    """Counts that hang together: figures of other groups change nothing here."""

    def __init__(self, table: Table, sums: Sequence[Sum], enough: int) -> None:
        self.table = table
        self.sums = sums
        self.enough = enough
        self.answers: dict[tuple, dict[int, set[int]]] = {}

    def withhold(self, chosen: set[int]) -> tuple[set[int], set[int]]:
        """First the smallest others are added one by one, then the largest that need not be are taken back."""
        hidden, given_away, hopeless = set(chosen), set(), {}
        while found := next((each for each in self._unsafe(hidden) if each[0] not in hopeless), None):
            number, values, sums = found
            shown = {self.table.counts[each].owner for known in sums for each in known.numbers}
            shown |= {known.owner for known in sums}
            if further := shown - hidden - self.table.published - {None}:
                hidden.add(min(further, key=lambda figure: (self.table.sizes[figure], figure)))
                continue
            hopeless[number] = values
            owner = self.table.counts[number].owner
            given_away |= {owner} if owner is not None else set()
        for figure in sorted(hidden - chosen, key=lambda figure: (-self.table.sizes[figure], figure)):
            if all(
                values >= hopeless.get(number, self.enough) for number, values, _ in self._unsafe(hidden - {figure})
            ):
                hidden.discard(figure)
        return hidden, given_away

    def _unsafe(self, hidden: set[int]) -> Iterator[tuple[int, int, list[Sum]]]:
        """The small counts of which too little is open: how many values, and the sums that tell of them."""
        table = self.table
        known = [each for each in self.sums if each.owner is None or each.owner not in hidden]
        for members, sums in tied(known, lambda number: table.is_secret(number, hidden)):
            if any(table.is_protected(number) for number in members):
                key = (tuple(members), tuple(table.bounds(number, hidden) for number in members), tuple(sums))
                if key not in self.answers:
                    self.answers[key] = possible_values(table, hidden, members, sums, self.enough)
                for number, values in self.answers[key].items():
                    if len(values) < self.enough:
                        yield number, len(values), sums
