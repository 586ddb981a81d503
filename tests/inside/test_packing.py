"""What is packed comes out as it was; of what was packed by somebody else, data or a sentence."""

import json
import pickle
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from labkit.checks.reply import ReplyError
from labkit.inside.packing import MAX_ARRAYS, pack, unpack

VALUES = {
    "x": np.arange(6.0).reshape(2, 3).T,
    "small": np.zeros(2, np.float32),
    "which": np.array([True, False]),
    "none": np.zeros((0, 2)),
    "t": 7,
    "s": 0.1 + 0.2,
    "yes": True,
    "name": "x̂_0 \ud800 \0",
}


def test_what_is_packed_comes_out_as_it_was() -> None:
    plain, body = pack(VALUES)
    found = unpack(json.loads(json.dumps(plain)), body)
    assert found.keys() == VALUES.keys()
    for name, value in VALUES.items():
        assert type(found[name]) is type(value)
        assert np.array_equal(found[name], value) and getattr(found[name], "dtype", 0) == getattr(
            value, "dtype", 0
        )


class Bomb:
    def __reduce__(self):
        return print, ("boom",)


@pytest.mark.parametrize(
    ("plain", "body"),
    [
        ({}, b""),
        ({}, pickle.dumps(Bomb())),
        ({}, struct.pack("<Q", 2**60) + b"{}"),
        ({}, save({str(number): np.zeros(1) for number in range(MAX_ARRAYS + 1)})),
        ({}, save({"x": np.zeros(2, np.complex64)})),
        (None, save({})),
        ([["x", 1]], save({})),
        ("x", save({})),
    ],
)
def test_what_was_never_packed_is_refused_in_words(plain: object, body: bytes, capsys) -> None:
    with pytest.raises(ReplyError, match=r"^its [a-z ,]+$"):
        unpack(plain, body)
    assert capsys.readouterr().out == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=200, deadline=None)
@given(plain=JSON, body=st.binary() | st.binary().map(lambda end: save({"x": np.zeros(2)})[:-1] + end))
def test_bytes_of_anybody_are_values_or_refused(plain: object, body: bytes) -> None:
    try:
        found = unpack(plain, body)
    except ReplyError:
        return
    assert all(isinstance(name, str) for name in found)
