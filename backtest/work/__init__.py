"""Long work in chunks: here, in worker processes, or on any `concurrent.futures.Executor`.

What a chunk gives depends on the chunk alone, so that the results are the same bytes wherever, and
in whatever order, chunks are done.
"""

from backtest.errors import WorkError
from backtest.work.chunks import Way, run_chunks
from backtest.work.kept import Kept, digest
from backtest.work.workers import Workers

__all__ = ["Kept", "Way", "WorkError", "Workers", "digest", "run_chunks"]
