"""What is said of settings that are wrong: what was found, what is allowed, and an example."""

from typing import Any

import pytest

from assay.core.errors import RecipeError
from assay.study.recipe import Recipe

SIZE = (
    r"images.size = {}: allowed is a whole number from 1 to 4,096, or a list of two whole numbers from 1 to"
)


def said(name: str, value: Any) -> str:
    with pytest.raises(RecipeError) as caught:
        Recipe().changed({name: value})
    return str(caught.value)


@pytest.mark.parametrize("value", [0, 5000, "big", 32.5, [32], [32, 0], [1, 2, 3]])
def test_a_setting_of_several_types_gets_one_sentence(value: Any) -> None:
    text = said("images.size", value)
    assert text.startswith(SIZE.format(repr(value)))
    assert text.endswith("e.g. images.size = [64, 96]")
    assert text.count("images.size") == 2


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        (
            "network.convs",
            3,
            "write a list: [3]; allowed is a list of whole numbers from 1 to 100, not empty",
        ),
        ("network.convs", [0], "network.convs.0 = 0: allowed is a whole number from 1 to 100"),
        ("network.convs", [], "not empty, e.g. network.convs = [1]"),
        ("target", [1], "target = [1]: allowed is text, or a whole number"),
        ("images.channels", 2, "images.channels = 2: allowed is 1 or 3"),
        ("images.fit", "x", "allowed is 'squash', 'crop' or 'pad', e.g. images.fit = 'crop'"),
        ("images.skip_broken", "maybe", "allowed is true or false, e.g. images.skip_broken = false"),
        ("augmentation.flip", 2, "allowed is a number from 0 to 1"),
        ("training.epochs", 0, "allowed is a whole number of at least 1, e.g. training.epochs = "),
        ("network", "cnn", "it is a section, whose settings are named one by one, e.g. network.kind ="),
        ("preparation.columns", {"a": {"scale": "q"}}, "preparation.columns.a.scale = 'q': allowed is"),
        ("network.kernel", 4, "network: kernel = 4: an odd side is needed"),
    ],
)
def test_what_is_allowed_is_said_in_words(name: str, value: Any, text: str) -> None:
    found = said(name, value)
    assert text in found
    for pydantics in ("input should", "constrained", "tuple[", "function-after"):
        assert pydantics not in found


def test_an_unknown_setting_of_a_network_is_compared_with_those_of_its_kind() -> None:
    with pytest.raises(RecipeError, match=r"'network.widht' \(did you mean 'widths'\?\)"):
        Recipe().changed({"network.kind": "resnet", "network.widht": 3})
