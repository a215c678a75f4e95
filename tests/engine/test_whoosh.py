"""The segment that fzsearch writes is what Whoosh itself would have written."""

import warnings
from pathlib import Path

from whoosh import fields, index, query

from fzsearch.engine.ranker import BODY, FIELDS, HEADING
from fzsearch.engine.whoosh_writer import WordsWriter
from tests.generate import make_sections

SECTIONS = make_sections(9, reports=40)


def written_by_us(folder: Path):
    half = len(SECTIONS) // 2
    for sections, before in ((SECTIONS[:half], []), (SECTIONS[half:], [()])):
        writer = WordsWriter(folder)
        for section in sections:
            writer.add(section)
        writer.commit(before)
        writer.close()
    return index.open_dir(folder)


def written_by_whoosh(folder: Path):
    words = {name: fields.KEYWORD(scorable=True) for name in FIELDS}
    schema = fields.Schema(section=fields.STORED(), **words)
    folder.mkdir()
    writer = index.create_in(folder, schema).writer()
    for one in SECTIONS:
        texts = dict(zip(FIELDS, (one.words, one.heading_words, one.title_words), strict=True))
        writer.add_document(section=one.id, **texts)
    writer.commit()
    return index.open_dir(folder)


def test_whoosh_reads_the_same_words_postings_and_scores(tmp_path):
    warnings.simplefilter("ignore")
    ours, theirs = written_by_us(tmp_path / "ours"), written_by_whoosh(tmp_path / "theirs")
    ids = [section.id for section in SECTIONS]
    with ours.searcher() as one, theirs.searcher() as other:
        assert one.doc_count() == len(SECTIONS)
        for field in FIELDS:
            words = list(other.reader().field_terms(field))
            assert list(one.reader().field_terms(field)) == words
            assert one.field_length(field) == other.field_length(field)
            for word in words:
                found, wanted = one.postings(field, word), other.postings(field, word)
                assert list(found.items_as("frequency")) == list(wanted.items_as("frequency"))
        word = query.Term(BODY, "枫桥") | query.Term(HEADING, "合法性")
        found = {ids[hit.docnum]: hit.score for hit in one.search(word, limit=None)}
        wanted = {ids[hit.docnum]: hit.score for hit in other.search(word, limit=None)}
        assert found.keys() == wanted.keys()
        assert all(abs(found[one] - wanted[one]) < 0.01 for one in wanted)
        column = one.reader().column_reader("section")
        assert [column[number].decode() for number in range(len(ids))] == ids
