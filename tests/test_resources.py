from pathlib import Path

import pytest

from fzsearch import resources


def test_data_text_unpacks_compressed_files():
    assert resources.data_text("divisions.txt.gz").startswith("# Township-level units")
    assert "[[topic]]" in resources.data_text("topics.toml")


def test_divisions_state_their_source_and_stay_small():
    packed = Path(resources.__file__).with_name("divisions.txt.gz")
    head = resources.data_text("divisions.txt.gz")[:400]

    assert packed.stat().st_size < 300_000
    assert all(word in head for word in ("china-division 2.7.0", "MIT", "2023-06-30"))


def test_templates_dir_prefers_the_packaged_folder(tmp_path, monkeypatch):
    package = tmp_path / "src" / "fzsearch"
    package.mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE_DIR", package)

    with pytest.raises(FileNotFoundError, match="no templates"):
        resources.templates_dir()
    (tmp_path / "templates").mkdir()
    assert resources.templates_dir() == tmp_path / "templates"
    (package / "_templates").mkdir()
    assert resources.templates_dir() == package / "_templates"


def test_repository_holds_no_second_copy_of_the_templates():
    assert not (Path(resources.__file__).parents[1] / "_templates").exists()
