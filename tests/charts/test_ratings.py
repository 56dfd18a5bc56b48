from lambeth_plans.charts import RagRow, rag_bars
from lambeth_plans.rag import Rag, RagCount


def test_a_bar_is_the_whole_of_its_row_with_the_worst_first():
    row = RagRow("CSOB01", [RagCount(Rag.GREEN, 1), RagCount(Rag.RED, 3)], "/o/")
    chart = rag_bars(title="Activities by objective", source="The plan", rows=[row])
    bar = chart.bars[0]
    assert [(each.rag, each.x, each.width) for each in bar.segments] == [
        (Rag.RED, "0.00%", "75.00%"),
        (Rag.GREEN, "75.00%", "25.00%"),
    ]
    assert (bar.total, bar.url) == (4, "/o/")


def test_the_table_behind_the_bars_counts_every_rating_that_occurs():
    rows = [
        RagRow("CSOB01", [RagCount(Rag.GREEN, 2), RagCount(Rag.RED, 1)]),
        RagRow("CSOB02", [RagCount(Rag.NOT_REPORTED, 5)]),
    ]
    chart = rag_bars(title="Activities", source="The plan", rows=rows)
    assert chart.columns == ("", Rag.RED.word, Rag.GREEN.word, Rag.NOT_REPORTED.word, "Total")
    assert chart.rows == (("CSOB01", "1", "2", "0", "3"), ("CSOB02", "0", "0", "5", "5"))
    assert chart.description == "8 activities: 1 Red, 2 Green, 5 Not reported."


def test_a_segment_too_narrow_for_its_letter_has_none():
    row = RagRow("All", [RagCount(Rag.RED, 1), RagCount(Rag.GREEN, 20)])
    segments = rag_bars(title="Activities", source="The plan", rows=[row]).bars[0].segments
    assert [each.has_letter for each in segments] == [False, True]


def test_rows_without_anything_have_no_segments():
    chart = rag_bars(title="Risks", source="The plan", rows=[RagRow("None", [RagCount(Rag.RED, 0)])], noun="risks")
    assert chart.bars[0].segments == ()
    assert chart.is_empty
    assert chart.description == "No risks."
