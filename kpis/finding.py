"""Which indicator a code of a file means, and what an unknown one may have been meant to be."""

from difflib import get_close_matches

from kpis.models import Indicator, IndicatorCode, normalised_code
from lambeth_plans.accounts.models import Council

#: For how many unknown codes of a file we look for what they may mean: a wrong file holds thousands.
MOST_GUESSES = 100
TOTALS = ("total", "grand total", "subtotal", "sub-total", "average", "mean", "sum", "all")


class Indicators:
    """The indicators of a council, found by any of their codes or by their key. Two queries."""

    def __init__(self, council: Council) -> None:
        codes = list(IndicatorCode.objects.filter(council=council).select_related("indicator").order_by("pk"))
        every = list(Indicator.objects.filter(council=council))
        self.by_key = {indicator.key: indicator for indicator in every}
        self.by_code = {code.normalised: code.indicator for code in codes}
        first: dict[str, str] = {}
        for code in codes:
            first.setdefault(code.indicator.key, code.code)
        self.spellings = {indicator.key: first.get(indicator.key, indicator.key) for indicator in every}
        self.guesses: dict[str, list[str]] = {}

    def find(self, text: str) -> Indicator | None:
        return self.by_code.get(normalised_code(text)) or self.by_key.get(text.lower())

    def unknown(self, text: str) -> str:
        """Why nothing was found, with what it may have been meant to be."""
        if text.lower().rstrip(":").split(" (")[0] in TOTALS or text.lower().startswith(("total ", "grand total")):
            return "A total or average is computed, never imported. Delete this row."
        likely = self._likely(normalised_code(text)[:120])
        hint = f" Did you mean {' or '.join(likely)}?" if likely else " Use its code, or its key where it has none."
        return f"We know no indicator “{text[:80]}”.{hint}"

    def _likely(self, code: str) -> list[str]:
        if code not in self.guesses and len(self.guesses) < MOST_GUESSES:
            names = {normalised_code(self.spellings[key]): key for key in self.by_key}
            names |= {normalised_code(indicator.title): key for key, indicator in self.by_key.items()}
            close = get_close_matches(code, names, n=3, cutoff=0.5)
            self.guesses[code] = list(dict.fromkeys(self.spellings[names[name]] for name in close))
        return self.guesses.get(code, [])
