"""Charts that others have printed come out the same (tests/data/spc/README.md names the sources)."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from kpis.spc import Flag, Judged, Stage, analyse
from lambeth_plans.rag import Polarity

PUBLISHED = json.loads((Path(__file__).parent.parent / "data" / "spc" / "published.json").read_text())
#: The spread which the source used, as a multiple of ours.
SPREADS = {"2.66": Decimal(1), "3/1.128": 3 / Decimal("1.128") / Decimal("2.66")}


@pytest.mark.parametrize("chart", PUBLISHED, ids=[chart["name"] for chart in PUBLISHED])
def test_a_published_chart_is_reproduced_to_the_printed_precision(chart):
    values = [Decimal(text) for text in chart["values"].split()]
    analysis = analyse(values, polarity=Polarity.HIGHER, rebases=chart.get("rebases", ()), screen=chart["screened"])
    assert analysis.screened is chart["screened"]
    for printed, segment in zip(chart["segments"], analysis.segments, strict=bool(chart["segments"])):
        point = analysis.points[segment.start]
        for line, ours in (("mean", point.mean), ("lower", point.lower_limit), ("upper", point.upper_limit)):
            if line in printed:
                theirs = Decimal(printed[line])
                ours = point.mean + (ours - point.mean) * SPREADS[chart["spread"]]
                assert abs(ours - theirs) <= Decimal("0.5").scaleb(theirs.as_tuple().exponent), (segment, line)
    points = dict(enumerate(analysis.points))
    assert "outside" not in chart or chart["outside"] == [
        i for i, point in points.items() if point.flag is Flag.OUTSIDE
    ]
    assert {points[i].flag for i in chart.get("common", ())} <= {None}
    assert {points[i].judgement for i in chart.get("high", ())} <= {Judged.IMPROVEMENT}
    assert {points[i].judgement for i in chart.get("low", ())} <= {Judged.CONCERN}


def test_what_is_published_covers_both_settings_both_spreads_and_full_charts():
    """Flags are looked for only where there are enough points to raise any; else the test above could not fail."""
    assert len(PUBLISHED) >= 8
    assert {chart["screened"] for chart in PUBLISHED} == {True, False}
    assert {chart["spread"] for chart in PUBLISHED} == set(SPREADS)
    for chart in PUBLISHED:
        if {"outside", "common", "high", "low"} & set(chart):
            assert analyse([Decimal(text) for text in chart["values"].split()]).stage is Stage.FULL
        assert chart["segments"] or "common" in chart
