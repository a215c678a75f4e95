"""Opening kept arrays: what was saved comes back, from many threads at once too."""

import gc
import threading
import time

import numpy as np
import pytest

from fzsearch.engine.arrays import load_array, map_array


@pytest.mark.parametrize("opened", [load_array, map_array])
@pytest.mark.parametrize("kept", [np.arange(5, dtype=np.int32), np.empty(0, np.int64), np.ones((3, 2), np.uint16)])
def test_what_was_saved_comes_back(tmp_path, opened, kept):
    np.save(tmp_path / "a.npy", kept)

    found = opened(tmp_path / "a.npy")

    assert found.dtype == kept.dtype
    assert found.tolist() == kept.tolist()
    assert found.shape == kept.shape


def test_threads_may_open_arrays_at_once(tmp_path):
    """Fails without the lock before Python's repair of December 2023: in 20 of 20 runs."""
    np.save(tmp_path / "a.npy", np.arange(5))
    failures: list[BaseException] = []

    def open_often() -> None:
        for _ in range(200):
            try:
                map_array(tmp_path / "a.npy")
            except BaseException as failure:  # reported by the test itself
                failures.append(failure)

    def let_others_run(_phase: str, _info: dict[str, int]) -> None:
        time.sleep(0)

    thresholds = gc.get_threshold()
    gc.callbacks.append(let_others_run)
    gc.set_threshold(1)
    try:
        threads = [threading.Thread(target=open_often) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        gc.set_threshold(*thresholds)
        gc.callbacks.remove(let_others_run)

    assert failures == []
