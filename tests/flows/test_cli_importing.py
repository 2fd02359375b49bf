"""Imports without the collector: it is as before afterwards, whatever happens."""

import gc

import pytest

from flows.cli.importing import heavy_imports


def test_the_collector_rests_while_modules_are_imported_and_no_longer() -> None:
    before = gc.get_freeze_count()
    with heavy_imports():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > before
    gc.unfreeze()


def test_the_collector_works_again_where_an_import_fails() -> None:
    with pytest.raises(ImportError), heavy_imports():
        raise ImportError
    assert gc.isenabled()
