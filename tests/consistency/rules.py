"""What a rule is, and the files it reads."""

import ast
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
CODE = ("lambeth_plans/", "activities/", "finance/", "kpis/", "objectives/", "risks/")


@dataclass(frozen=True)
class Source:
    """One file: its path from the top of the project, and its text."""

    path: str
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.path)

    def nodes(self, *kinds: type[ast.AST]) -> Iterable:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))


Finding = tuple[int, str]  # line, what is wrong there


@dataclass(frozen=True)
class Rule:
    """`find` yields what is wrong in one file of those that `covers` is true for (it is given the path)."""

    name: str
    covers: Callable[[str], bool]
    find: Callable[[Source], Iterable[Finding]]
    bad: tuple[Source, ...]
    good: tuple[Source, ...] = ()

    def problems(self, sources: Iterable[Source]) -> list[str]:
        return [
            f"{source.path}:{line}: {what}"
            for source in sources
            if self.covers(source.path)
            for line, what in self.find(source)
        ]


@cache
def sources() -> tuple[Source, ...]:
    """Every text file that git knows or would take up."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    )
    found = []
    for path in sorted(set(listing.stdout.split("\0")) - {""}):
        file = PROJECT / path
        if file.is_file():
            try:
                found.append(Source(path, file.read_text()))
            except UnicodeDecodeError:
                continue  # a picture or a workbook
    return tuple(found)


def is_python(path: str) -> bool:
    return path.endswith(".py") and "/migrations/" not in path


def is_code(path: str) -> bool:
    """Whether it is the application's own Python, tests and tools left out."""
    return is_python(path) and path.startswith(CODE)


def is_module(path: str, *modules: str) -> bool:
    """Whether a file is one of these modules, or part of a package of that name (given without `.py`)."""
    return path.endswith(".py") and any(path == f"{module}.py" or path.startswith(f"{module}/") for module in modules)


def is_template(path: str) -> bool:
    return path.startswith("templates/")


def is_view_module(path: str) -> bool:
    return is_code(path) and (
        path.endswith("/views.py") or "/views/" in path or path.startswith("lambeth_plans/dashboards/")
    )


def called_name(call: ast.Call) -> str:
    """`c` of `a.b.c(…)` and of `c(…)`; empty for anything else."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def imported_names(source: Source) -> Iterable[tuple[int, str]]:
    """Each import with its line, in full: `django.db.models` for `from django.db import models`."""
    for node in source.nodes(ast.Import, ast.ImportFrom):
        prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module else ""
        yield from ((node.lineno, prefix + alias.name) for alias in node.names)


def prose_constants(source: Source) -> Iterable[ast.Constant]:
    """Each text in the code that is not a docstring."""
    docstrings = set()
    for node in source.nodes(ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            docstrings.add(id(first.value))
    for node in source.nodes(ast.Constant):
        if isinstance(node.value, str) and id(node) not in docstrings:
            yield node
