from __future__ import annotations

import pytest

from crosswalks.language.transforms import registry


@pytest.mark.parametrize(
    ("register", "name"),
    [
        (registry.value, "trim"),
        (registry.to_one, "join"),
        (registry.occurrence, "first"),
        (registry.over_all, "first"),
        (registry.into_subfields, "subdivided"),
        (registry.of_field, "subdivided"),
    ],
)
def test_a_name_is_not_registered_twice(register, name):
    with pytest.raises(ValueError, match=name):
        register(name)(lambda text: text)
