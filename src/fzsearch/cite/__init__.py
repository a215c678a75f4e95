"""How is a report, or a section of it, cited? One description of the source, one function a style."""

from fzsearch.cite.citation import STYLES as STYLES
from fzsearch.cite.citation import Citation as Citation
from fzsearch.cite.citation import Style as Style
from fzsearch.cite.citation import cite_address as cite_address
from fzsearch.cite.reference import Reference as Reference
from fzsearch.cite.reference import cited as cited
from fzsearch.cite.reference import reference_of as reference_of
