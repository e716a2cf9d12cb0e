"""Texts as vectors: the offline model of the ``semantic`` extra, or any function of the caller."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from capgraph.errors import ArgumentError, MissingDependencyError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Embedding = Callable[[Sequence[str]], Any]
"""A function that returns one row of numbers for each text."""
_BLOCK = 2**15
"""How many numbers a block of vectors has."""
_ROWS, _FEW = 4, 16
"""How many texts are multiplied by a block at a time, and up to how many texts blocks are worth it."""


def embedding(given: Embedding | str | None) -> Embedding | None:
    """Return the embedding that a caller names or gives, or None.

    Raises
    ------
    ValueError
        When it has another name than ``wordllama``.
    MissingDependencyError
        When wordllama is asked for and not installed.
    """
    if not isinstance(given, str):
        return given
    if given != "wordllama":
        message = f"{given!r} is no embedding; use 'wordllama' or a function from texts to a matrix"
        raise ArgumentError(message)
    return wordllama_embedding()


@cache
def wordllama_embedding() -> Embedding:
    """Return the 16 MB model that the package wordllama carries; nothing is downloaded.

    Raises
    ------
    MissingDependencyError
        When wordllama is not installed.
    """
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        import wordllama
    except ImportError:
        package, extra = "wordllama", "semantic"
        raise MissingDependencyError(package, extra) from None
    finally:  # wordllama configures the root logger while it is imported, which is the application's to do
        root.handlers[:] = handlers
        root.setLevel(level)
    # The package looks for the tokenizer in a folder "tokenizer", but ships it in "tokenizers", where caches have it.
    folder = Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
    return lambda texts: model.embed(list(texts))


def unit_vectors(embed: Embedding, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the vectors of texts with length 1; texts without words become zeros.

    Raises
    ------
    ValueError
        When the function does not return one row of numbers for each text.
    """
    given = embed([text if text.strip() else "-" for text in texts])
    try:
        rows = np.asarray(given, dtype=np.float32)
    except (TypeError, ValueError):
        message = f"embed returned no numbers for {len(texts)} texts; return one row of numbers for each text"
        raise ArgumentError(message) from None
    if rows.ndim != 2 or len(rows) != len(texts):  # noqa: PLR2004 - a matrix has two dimensions
        message = f"embed returned an array of shape {rows.shape} for {len(texts)} texts; return one row for each text"
        raise ArgumentError(message)
    rows = np.nan_to_num(rows)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, np.float32(1e-9)), np.float32)


class UnitVectors:
    """Unit vectors of many names, for the cosines of texts.

    A few texts are multiplied by blocks so small that the matrix library stays in one thread: waking its other threads
    costs several times what they save.
    """

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self._count, size = vectors.shape
        block = max(1, _BLOCK // max(1, size))
        self._rows = np.zeros((-(-self._count // block) * block, size), np.float32)
        self._rows[: self._count] = vectors
        self._blocks = self._rows.reshape(-1, block, size).transpose(0, 2, 1)

    def to(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return texts × names, the cosines of their vectors, none below 0."""
        if len(vectors) > _FEW:
            cosines = vectors @ self._rows[: self._count].T
        else:
            parts = [vectors[start : start + _ROWS] for start in range(0, len(vectors), _ROWS)]
            found = [np.matmul(part, self._blocks).transpose(1, 0, 2).reshape(len(part), -1) for part in parts]
            cosines = np.concatenate(found)[:, : self._count]
        return np.asarray(np.maximum(cosines, 0.0), np.float32)
