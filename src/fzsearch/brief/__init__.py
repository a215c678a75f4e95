"""How is a briefing note made of passages, and checked against the reports?"""

from fzsearch.brief.basket import read_basket as read_basket
from fzsearch.brief.check import CheckedDraft as CheckedDraft
from fzsearch.brief.check import CheckedLink as CheckedLink
from fzsearch.brief.check import CheckedQuotation as CheckedQuotation
from fzsearch.brief.check import check_draft as check_draft
from fzsearch.brief.counts import CheckedCount as CheckedCount
from fzsearch.brief.docx import note_docx as note_docx
from fzsearch.brief.figures import CheckedFigure as CheckedFigure
from fzsearch.brief.note import Note as Note
from fzsearch.brief.note import build_note as build_note
from fzsearch.brief.reading import read_draft as read_draft
from fzsearch.brief.verdict import Verdict as Verdict
from fzsearch.brief.written import note_markdown as note_markdown
from fzsearch.brief.written import note_text as note_text
