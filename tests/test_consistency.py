"""Tests that lint the application: what the house agreed on and no other tool holds (tests/consistency/)."""

import re
import tomllib
from pathlib import PurePosixPath

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from tests.consistency import code, templates, words
from tests.consistency.rules import CODE, PROJECT, Rule, Source, sources

pytestmark = pytest.mark.once

RULES = (*code.RULES, *templates.RULES, *words.RULES)
BAD = [
    pytest.param(rule, sample, id=f"{rule.name}-{number}") for rule in RULES for number, sample in enumerate(rule.bad)
]
GOOD = [
    pytest.param(rule, sample, id=f"{rule.name}-{number}") for rule in RULES for number, sample in enumerate(rule.good)
]


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_the_project_keeps_the_rule(rule: Rule):
    problems = rule.problems(sources())
    assert not problems, "\n".join(["", *problems])


@pytest.mark.parametrize(("rule", "sample"), BAD)
def test_the_rule_catches_a_bad_sample(rule: Rule, sample: Source):
    assert rule.problems([sample])


@pytest.mark.parametrize(("rule", "sample"), GOOD)
def test_the_rule_lets_a_near_miss_pass(rule: Rule, sample: Source):
    assert rule.covers(sample.path)
    assert rule.problems([sample]) == []


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_the_rule_reads_files_and_has_samples(rule: Rule):
    assert any(rule.covers(source.path) for source in sources())
    assert rule.bad
    assert rule.good


# Addresses


def address_problems(patterns, prefix: str = "") -> list[str]:
    """What is wrong with our URL patterns; Django's admin keeps its own habits."""
    found = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                found += address_problems(pattern.url_patterns, route)
            continue
        if not pattern.name:
            found.append(f"{route} has no name")
        if re.search(r"<int:(pk|\w*id)>|<pk>|<str:pk>", route):
            found.append(f"{route} shows a primary key; use the reference people know")
    return found


def test_every_address_is_named_and_shows_no_primary_key():
    assert address_problems(get_resolver().url_patterns) == []


def nothing(request: HttpRequest, **keys: object) -> HttpResponse:
    return HttpResponse()


@pytest.mark.parametrize(
    "bad", [path("a/", nothing), path("a/<int:pk>/", nothing, name="a"), path("a/<pk>/", nothing, name="a")]
)
def test_a_bad_address_is_caught(bad: URLPattern):
    assert len(address_problems([bad])) == 1


# Floors


def modules_without_floor(paths: set[str], layers: list[str]) -> list[str]:
    """Modules and folders of lambeth_plans that import-linter's contract does not place."""
    placed = set(re.findall(r"lambeth_plans\.\w+", " ".join(layers)))
    parts = [
        PurePosixPath(known).parts for known in paths if known.startswith("lambeth_plans/") and known.endswith(".py")
    ]
    names = {f"lambeth_plans.{known[1].removesuffix('.py')}" for known in parts if known[1] != "__init__.py"}
    return sorted(names - placed)


def test_every_module_stands_on_a_floor():
    with (PROJECT / "pyproject.toml").open("rb") as stream:
        contract = tomllib.load(stream)["tool"]["importlinter"]["contracts"][0]
    assert modules_without_floor({source.path for source in sources()}, contract["layers"]) == []


def test_a_module_without_floor_is_caught():
    paths = {"lambeth_plans/rag.py", "lambeth_plans/reports/packs.py", "lambeth_plans/odds.py"}
    assert modules_without_floor(paths, ["lambeth_plans.reports | (lambeth_plans.api)", "(lambeth_plans.rag)"]) == [
        "lambeth_plans.odds"
    ]


# Tests mirror the code


def stray_tests(paths: set[str]) -> list[str]:
    """Test files that stand in for no module: tests/kpis/test_spc.py belongs to kpis/spc.py or the folder kpis/spc/.

    A longer name splits a test by noun: test_models_outturn.py belongs to kpis/models.py too.
    """
    folders = {str(parent) for known in paths for parent in PurePosixPath(known).parents}
    roots = {folder.rstrip("/") for folder in CODE} | {f for f in folders if f.startswith(CODE)}
    found = []
    for test in sorted(paths):
        parts = PurePosixPath(test).parts
        if parts[0] != "tests" or len(parts) < 3 or not parts[-1].startswith("test_"):
            continue
        places = [
            place for place in ("/".join(parts[1:-1]), f"lambeth_plans/{'/'.join(parts[1:-1])}") if place in roots
        ]
        if not places:
            continue  # journeys, consistency: across the apps
        name = parts[-1].removeprefix("test_").removesuffix(".py")
        words_of_name = name.split("_")
        stems = ["_".join(words_of_name[:count]) for count in range(1, len(words_of_name) + 1)]
        if not any(
            f"{place}/{stem}.py" in paths
            or f"{place}/{stem}" in folders
            or f"{place}/management/commands/{stem}.py" in paths
            or (stem == "templates" and folders & {f"templates/{parts[1]}", f"templates/components/{parts[1]}"})
            for place in places
            for stem in stems
        ):
            found.append(test)
    return found


def apps_without_tests(paths: set[str]) -> list[str]:
    apps = {
        known.removesuffix("/models.py") for known in paths if known.endswith("/models.py") and known.startswith(CODE)
    }
    covered = {
        "/".join(PurePosixPath(known).parts[1:-1]) for known in paths if re.match(r"tests/.*/test_\w+\.py", known)
    }
    return sorted(app for app in apps if app not in covered and app.removeprefix("lambeth_plans/") not in covered)


def test_every_test_stands_beside_its_module():
    assert stray_tests({source.path for source in sources()}) == []


def test_every_app_has_tests():
    assert apps_without_tests({source.path for source in sources()}) == []


def test_a_stray_test_and_an_untested_app_are_caught():
    paths = {"kpis/models.py", "kpis/spc.py", "risks/models.py", "tests/kpis/test_spc.py", "tests/kpis/test_odds.py"}
    assert stray_tests(paths) == ["tests/kpis/test_odds.py"]
    assert apps_without_tests(paths) == ["risks"]
