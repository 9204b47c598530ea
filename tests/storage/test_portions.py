import pytest

from storage.portions import portions


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (3, [3]), (4, [3, 1]), (7, [3, 3, 1])], ids=str)
def test_all_items_come_once_and_in_order(count: int, sizes: list[int]) -> None:
    found = [*portions(range(count), 3)]
    assert [len(some) for some in found] == sizes
    assert [item for some in found for item in some] == [*range(count)]
