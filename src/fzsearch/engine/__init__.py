"""Where are sections kept and found? Engines behind one protocol; which one, is decided here."""

from fzsearch.engine.embedded import EmbeddedEngine as EmbeddedEngine
from fzsearch.engine.protocol import Engine as Engine
from fzsearch.engine.protocol import IndexedSection as IndexedSection
from fzsearch.engine.protocol import IndexInfo as IndexInfo
from fzsearch.engine.protocol import Overlap as Overlap
from fzsearch.engine.protocol import SharedRun as SharedRun
from fzsearch.engine.protocol import StoredFigure as StoredFigure
from fzsearch.engine.protocol import StoredSection as StoredSection
from fzsearch.engine.ranker import RANKERS as RANKERS
from fzsearch.engine.ranker import ranker as ranker
