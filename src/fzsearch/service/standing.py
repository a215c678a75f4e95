"""Can the engine answer right now? While it cannot, nobody waits for it: it is asked again in the background.

A cluster that is away takes seconds to say so. Whoever notices first waits; then the error is remembered, told at once
to everybody, and the engine is asked again beside them until it answers, or nobody wants to know any more. What only a
person can mend (no index, another version) is told quickly anyway and not remembered.
"""

import threading
import time
from contextlib import suppress

from fzsearch.engine import Engine, IndexInfo
from fzsearch.errors import EngineError

_PAUSE_S = 1.0
"""Between two questions to an engine that is away."""


class Standing:
    """What is known of one engine; may be used from several threads, and goes on in a forked process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._away: EngineError | None = None
        self._asking: threading.Thread | None = None
        self._is_wanted = False

    def info(self) -> IndexInfo:
        """What the index says of itself.

        Raises:
            EngineError: the engine cannot answer; at once where that is known already.
        """
        away = self._away
        if away is None or not self._is_asking():
            return self._ask()
        self._is_wanted = True
        raise away.with_traceback(None)  # raised again and again, it would collect a traceback each time

    def _is_asking(self) -> bool:
        return self._asking is not None and self._asking.is_alive()  # no thread lives on in a forked process

    def _ask(self) -> IndexInfo:
        try:
            found = self._engine.info()
        except EngineError as error:
            self._away = error if error.retry_after is not None else None
            if self._away and not self._is_asking():
                self._is_wanted, self._asking = True, threading.Thread(target=self._ask_again, daemon=True)
                self._asking.start()
            raise
        self._away = None
        return found

    def _ask_again(self) -> None:
        while self._away is not None and self._is_wanted:
            self._is_wanted = False
            time.sleep(_PAUSE_S)
            with suppress(EngineError):
                self._ask()
