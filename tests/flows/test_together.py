"""Several cycles at once, in real processes: on one SQLite file, and as shards that workers run on PostgreSQL."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def benchmark(*arguments: str, seconds: float) -> str:
    """What a benchmark prints, which must end well."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_two_cycles_at_once_on_one_file_share_the_work_and_hear_of_no_lock() -> None:
    said = benchmark("benchmarks.at_once", "--turns", "4", "--sites", "3", seconds=840)
    assert '"ended with 0": 8' in said


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_two_cycles_at_once_fifty_times() -> None:
    assert '"ended with 0": 100' in benchmark("benchmarks.at_once", seconds=3500)


@pytest.mark.long
@pytest.mark.prefect
@pytest.mark.timeout(3600)
def test_workers_on_postgresql_share_the_shards_and_one_may_die() -> None:
    said = benchmark("benchmarks.scale_out", "--feeds", "100", "--shards", "2", seconds=3500)
    if said.startswith("skipped"):
        pytest.skip(said.strip())
    assert '"next cycle"' in said
