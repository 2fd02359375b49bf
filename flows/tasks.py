"""The steps of the pipeline as Prefect tasks: a task is a batch of work, so a cycle is always four of them.

Nothing is cached: the store knows what is done. Only steps that use the network have a time limit and a second
try, for the machine's hiccups (a locked database): what one feed, page or channel does wrong is a value.
"""

from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from flows import pipeline
from models.errors import ConfigurationError, StoreError

_NETWORK: dict[str, Any] = {"retries": 2, "retry_delay_seconds": [5, 30], "retry_jitter_factor": 0.5}


async def _worth_retrying(task: Any, run: TaskRun, state: State[Any]) -> bool:
    """Whether a step that crashed may go through the next time: the database, the system; not a bug."""
    try:
        await state.result()
    except ConfigurationError:
        return False
    except (StoreError, OSError, TimeoutError):
        return True
    except Exception:  # noqa: BLE001 - a bug of any kind, which no second try mends
        return False
    return False


poll = task(
    name="poll feeds",
    tags=["network"],
    timeout_seconds=1800,
    cache_policy=NO_CACHE,
    retry_condition_fn=_worth_retrying,
    **_NETWORK,
)(pipeline.poll)
read_pages = task(
    name="read pages",
    tags=["network"],
    timeout_seconds=7200,
    cache_policy=NO_CACHE,
    retry_condition_fn=_worth_retrying,
    **_NETWORK,
)(pipeline.read_pages)
understand_and_tell = task(name="understand and tell", cache_policy=NO_CACHE)(pipeline.understand_and_tell)
deliver = task(
    name="deliver",
    tags=["network"],
    timeout_seconds=1800,
    cache_policy=NO_CACHE,
    retry_condition_fn=_worth_retrying,
    **_NETWORK,
)(pipeline.deliver)
