"""A cache that is bounded by bytes."""

from fzsearch.engine.cache import ByteCache


def made(log: list[str], key: str, size: int) -> bytes:
    log.append(key)
    return b"x" * size


def test_values_are_made_once_and_dropped_by_size():
    cache: ByteCache[str, bytes] = ByteCache(10_000, len)
    log: list[str] = []

    def get(key: str, size: int) -> None:
        assert len(cache.get(key, lambda: made(log, key, size))) == size

    get("a", 4_000)
    get("b", 4_000)
    get("a", 4_000)  # used again: b is the older one now
    get("c", 4_000)
    get("a", 4_000)
    get("b", 4_000)

    assert log == ["a", "b", "c", "b"]


def test_a_value_that_is_too_large_is_given_all_the_same():
    cache: ByteCache[str, bytes] = ByteCache(10, len)

    assert cache.get("a", lambda: b"x" * 100) == b"x" * 100
    assert cache.get("b", lambda: b"y") == b"y"
