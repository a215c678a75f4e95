"""What was worked out before, and fits into so many bytes? The values used last are kept; several threads may ask."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_OVERHEAD_BYTES = 500
"""What an entry costs besides its arrays, roughly."""


class ByteCache(Generic[Key, Value]):
    """Values by key, the ones not used for longest dropped when their arrays take more than `limit_bytes`."""

    def __init__(self, limit_bytes: int, size_of: Callable[[Value], int]) -> None:
        self._limit_bytes = limit_bytes
        self._size_of = size_of
        self._used_bytes = 0
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value of a key, made if it is not there; two threads that miss at once both make it."""
        value = self.known(key)
        if value is None:
            value = make()
            self.keep(key, value)
        return value

    def known(self, key: Key) -> Value | None:
        """The value of a key if it is there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def keep(self, key: Key, value: Value) -> None:
        """Put a value there; not None."""
        with self._lock:
            if key not in self._values:
                self._values[key] = value
                self._used_bytes += self._size_of(value) + _OVERHEAD_BYTES
            while self._used_bytes > self._limit_bytes and len(self._values) > 1:
                _, dropped = self._values.popitem(last=False)
                self._used_bytes -= self._size_of(dropped) + _OVERHEAD_BYTES
