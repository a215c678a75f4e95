"""How is a briefing note made of passages, and checked against the reports?"""

from fzsearch.brief.check import CheckedDraft as CheckedDraft
from fzsearch.brief.check import CheckedLink as CheckedLink
from fzsearch.brief.check import CheckedQuotation as CheckedQuotation
from fzsearch.brief.check import Verdict as Verdict
from fzsearch.brief.check import check_draft as check_draft
from fzsearch.brief.reading import read_draft as read_draft
