"""Minted ids are UUIDs of the fifth version, as anybody else would make them."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from capgraph.formats.identity import mint
from capgraph.text import normalize

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(framework=_TEXTS, table=st.sampled_from(["role", "capability", "asset"]), key=_TEXTS)
def test_a_minted_id_is_what_the_standard_says(framework: str, table: str, key: str) -> None:
    space = uuid.uuid5(uuid.NAMESPACE_URL, framework)
    assert mint(framework, table, key) == uuid.uuid5(space, f"{table}\x1f{normalize(key)}").urn
