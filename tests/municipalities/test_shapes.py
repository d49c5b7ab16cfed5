import json

import pytest

from municipalities import reference
from municipalities.management.commands.build_shapes import sweref99tm
from municipalities.shapes import Frame, build, joined, numbers, path_data, rings

SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
HOLE = [[4, 4], [4, 6], [6, 6], [6, 4], [4, 4]]


def test_numbers_are_as_short_as_they_can_be():
    assert list(numbers([12, -3, 50, 0, -40, 105])) == ["1.2", "-.3", "5", "0", "-4", "10.5"]


def test_a_space_stands_only_where_numbers_would_melt_together():
    assert joined(["1", ".5", ".5", "-2", "3", ".1"]) == "1 .5.5-2 3 .1"


def test_a_hole_is_a_path_of_its_own_that_starts_from_the_ring_before():
    outline = [[(0, 0), (100, 0), (100, 100)], [(40, 40), (40, 60), (60, 60)]]

    assert path_data(outline) == "m0 0 10 0 0 10zm4 4 0 2 2 0z"


def test_points_that_round_to_the_same_spot_are_written_once():
    assert path_data([[(0, 0), (0, 0), (10, 0), (10, 0), (10, 10)]]) == "m0 0 1 0 0 1z"


def test_every_polygon_and_hole_is_kept():
    geometry = {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [SQUARE]]}

    assert [len(ring) for ring in rings(geometry)] == [4, 4, 4]


def test_north_is_up_and_the_map_is_as_wide_as_it_should_be():
    frame = Frame.around([(100.0, 1000.0), (700.0, 2000.0)])

    assert frame.place((100.0, 2000.0)) == (0, 0)
    assert frame.place((700.0, 1000.0)) == (6000, 10000)


def test_the_stored_shapes_are_what_the_geojson_gives():
    collection = json.loads((reference.DATA / "municipalities.geojson").read_text(encoding="utf-8"))

    assert build(collection, sweref99tm()) == reference.shapes()


def test_the_map_holds_every_municipality_and_stays_small():
    shapes = reference.shapes()

    assert set(shapes) == {row.code for row in reference.municipalities()}
    assert sum(len(shape["path"]) for shape in shapes.values()) <= 90_000


@pytest.mark.parametrize(("north", "south"), [("2584", "1287"), ("2380", "0180")])
def test_the_north_lies_above_the_south(north, south):
    shapes = reference.shapes()

    assert shapes[north]["box"][3] < shapes[south]["box"][1]
