"""Which quantities does a report state, and do they add up? Reads sections; knows no file and no engine."""

from fzsearch.figures.checks import Finding, check
from fzsearch.figures.find import find_figures
from fzsearch.figures.indicators import Indicator, indicators
from fzsearch.figures.quantities import quantities

__all__ = ["Finding", "Indicator", "check", "find_figures", "indicators", "quantities"]
