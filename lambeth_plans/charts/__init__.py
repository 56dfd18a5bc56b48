"""Charts as pure geometry: figures in, positions out; `templates/components/charts/` draws them.

No database, no clock, no settings. Figures are Decimals (or None where there is none, which leaves a gap); floats
exist only as positions. Across, positions are percentages of whatever width the page has; down, they are pixels: so
the words in a chart keep their size on a phone. Every chart has a title, a description in words, its source and the
rows of the table behind it, with everything already formatted. No, one or only zero figures are all fine.
A template draws one with `{% chart figure %}`.
"""

from lambeth_plans.charts.bars import BarRow, Bars, bar_chart
from lambeth_plans.charts.columns import Columns, Series, column_chart
from lambeth_plans.charts.control import ControlChart, Limits, Range, Restart, control_chart
from lambeth_plans.charts.dots import Dot, DotGroup, DotStrip, dot_strip
from lambeth_plans.charts.geometry import Chart
from lambeth_plans.charts.heat_map import AxisStep, HeatMap, Mapped, heat_map
from lambeth_plans.charts.hierarchy import Hierarchy, Node, hierarchy
from lambeth_plans.charts.lines import Figure, LineChart, line_chart
from lambeth_plans.charts.ratings import RagBars, RagRow, rag_bars
from lambeth_plans.charts.small import Controlled, Small, small_multiple, sparkline
from lambeth_plans.charts.stacks import Stacks, stacked_bars
from lambeth_plans.charts.timeline import Span, Timeline, TimelineEntry, TimelineLook, months_shown, timeline
from lambeth_plans.charts.waterfall import Fall, Step, Waterfall, waterfall

__all__ = [
    "AxisStep",
    "BarRow",
    "Bars",
    "Chart",
    "Columns",
    "ControlChart",
    "Controlled",
    "Dot",
    "DotGroup",
    "DotStrip",
    "Fall",
    "Figure",
    "HeatMap",
    "Hierarchy",
    "Limits",
    "LineChart",
    "Mapped",
    "Node",
    "RagBars",
    "RagRow",
    "Range",
    "Restart",
    "Series",
    "Small",
    "Span",
    "Stacks",
    "Step",
    "Timeline",
    "TimelineEntry",
    "TimelineLook",
    "Waterfall",
    "bar_chart",
    "column_chart",
    "control_chart",
    "dot_strip",
    "heat_map",
    "hierarchy",
    "line_chart",
    "months_shown",
    "rag_bars",
    "small_multiple",
    "sparkline",
    "stacked_bars",
    "timeline",
    "waterfall",
]
