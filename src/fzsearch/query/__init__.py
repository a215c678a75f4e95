"""What is asked and what is answered, engine-neutral: the query language, its tree, results."""

from fzsearch.query.parser import MAX_CHARS as MAX_CHARS
from fzsearch.query.parser import MAX_TERMS as MAX_TERMS
from fzsearch.query.parser import ParsedQuery as ParsedQuery
from fzsearch.query.parser import parse_query as parse_query
from fzsearch.query.result import UNSETTLED as UNSETTLED
from fzsearch.query.result import Counts as Counts
from fzsearch.query.result import FacetCount as FacetCount
from fzsearch.query.result import Hit as Hit
from fzsearch.query.result import Query as Query
from fzsearch.query.result import SearchResult as SearchResult
from fzsearch.query.result import Sort as Sort
from fzsearch.query.tree import FACET_LABELS as FACET_LABELS
from fzsearch.query.tree import And as And
from fzsearch.query.tree import Facet as Facet
from fzsearch.query.tree import FacetIs as FacetIs
from fzsearch.query.tree import Field as Field
from fzsearch.query.tree import FieldHas as FieldHas
from fzsearch.query.tree import FieldName as FieldName
from fzsearch.query.tree import Literal as Literal
from fzsearch.query.tree import Node as Node
from fzsearch.query.tree import Not as Not
from fzsearch.query.tree import Or as Or
from fzsearch.query.tree import Term as Term
from fzsearch.query.tree import Words as Words
from fzsearch.query.tree import asked_leaves as asked_leaves
