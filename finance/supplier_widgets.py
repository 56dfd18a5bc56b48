"""How a register of contracts names its suppliers and says of which kind they are, and how it tells a notice period."""

import re
from collections.abc import Mapping
from typing import Any

from lambeth_plans.accounts.record_sheets import Values
from lambeth_plans.accounts.register_widgets import Lookup, NameWidget, RegisterWidget, tidy
from lambeth_plans.spreadsheets import Cell


class SupplierWidget(NameWidget):
    """A supplier by its name. One that the council does not have yet is added with the contract."""

    @property
    def hint(self) -> str:
        return "The supplier’s name. A new one is added."

    def read(self, text: str, cell: Cell, lookup: Lookup) -> Values:
        name = self.of.fields["name"].widget.clean(Cell(tidy(text)))
        is_held = lookup.is_called(self.of, name)
        called = lookup.name_of(self.of, name) if is_held else lookup.new_name(self.of, name)
        return {self.name: called, **dict.fromkeys(self.fills[1:], "")}


class KindWidget(RegisterWidget):
    """Both kinds of supplier in one column, as many councils publish them: SME, VCSE, both, or No."""

    words: Mapping[str, tuple[bool | None, bool | None]] = {
        **dict.fromkeys(("sme",), (True, None)),
        **dict.fromkeys(("vcse", "vcs"), (None, True)),
        **dict.fromkeys(("both", "sme/vcse", "vcse/sme", "sme & vcse", "sme and vcse"), (True, True)),
        **dict.fromkeys(("no", "neither", "none"), (False, False)),
    }

    @property
    def hint(self) -> str:
        return "SME, VCSE, SME and VCSE, or No: both kinds in one column."

    def read(self, text: str, cell: Cell, lookup: Lookup | None) -> Values:
        known = self.words.get(tidy(text).casefold())
        if known is None:
            raise ValueError(f"“{text[:60]}” says no kind of supplier. Write SME, VCSE, SME and VCSE, or No.")
        return {name: said for name, said in zip(self.fills, known, strict=True) if said is not None}

    def says_the_same(self, said: Values, old: Values) -> bool:
        return all(old[name] == value for name, value in said.items())

    def render(self, value: Mapping[str, Any], obj: Any = None, *, lookup: Lookup | None = None, **kwargs: Any) -> str:
        return ""  # the two columns of their own say it


class MonthsWidget(RegisterWidget):
    """A number of months: 6, or 6 months. Days and weeks are no months: they are refused."""

    @property
    def hint(self) -> str:
        return "A number of months, like 6 or 6 months."

    def read(self, text: str, cell: Cell, lookup: Lookup | None) -> Values:
        found = re.fullmatch(r"([0-9]{1,3})(?: months?)?", tidy(text), re.IGNORECASE)
        if not found:
            raise ValueError(f"“{text[:60]}” is no number of months. Write it like 6.")
        return super().read(found[1], Cell(found[1]), lookup)
