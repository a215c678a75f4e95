"""What is said in a text: one normal form, words, topics. Knows neither files nor engines."""

from fzsearch.analysis.normalize import Normalized as Normalized
from fzsearch.analysis.normalize import normalize as normalize
from fzsearch.analysis.normalize import normalize_with_offsets as normalize_with_offsets
from fzsearch.analysis.words import STOP_WORDS as STOP_WORDS
from fzsearch.analysis.words import words as words
