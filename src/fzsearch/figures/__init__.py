"""What does a report count, and do its figures agree with each other? Knows texts and sections, no index."""

from fzsearch.figures.arithmetic import Finding as Finding
from fzsearch.figures.arithmetic import check_figures as check_figures
from fzsearch.figures.indicators import Indicator as Indicator
from fzsearch.figures.indicators import indicators as indicators
from fzsearch.figures.reading import find_figures as find_figures
