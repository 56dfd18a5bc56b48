"""The figures that a file is held against, read without objects."""

from django.db import connection

from kpis.held import held_figures, place_of
from tests import factories


def test_a_figure_is_found_however_a_server_is_set_to_write_days(borough):
    figure = factories.OutturnFactory(indicator=factories.IndicatorFactory(council=borough), period="Apr 2019")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL datestyle = 'SQL, DMY'")
    assert list(held_figures(borough, {figure.indicator_id})) == [place_of(figure)]
