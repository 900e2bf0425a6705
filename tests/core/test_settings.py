import pytest
from pydantic import field_validator

from assay.core.duration import parse_duration
from assay.core.errors import RecipeError
from assay.core.seeds import child_seed
from assay.core.settings import Settings, setting


class Inner(Settings):
    dropout: float = setting(0.1, "share of units left out", "the field's usual start", ge=0, lt=1)


class Outer(Settings):
    inner: Inner = setting(Inner(), "the inner part")
    epochs: int = setting(3, "passes over the rows", ge=1)


class Listed(Settings):
    names: tuple[str, ...] = setting((), "some names")


def test_all_mistakes_are_named_together_with_the_closest_word() -> None:
    with pytest.raises(RecipeError) as caught:
        Outer.checked({"epoch": 3, "inner": {"dropuot": 0.5}, "epochs": 0}, where="recipe.toml")
    text = str(caught.value)
    assert "'epoch' (did you mean 'epochs'?)" in text
    assert "'inner.dropuot' (did you mean 'dropout'?)" in text
    assert "epochs = 0" in text
    assert text.startswith("recipe.toml:")


def test_a_single_value_where_a_list_is_wanted() -> None:
    with pytest.raises(RecipeError, match=r"names = 'a': write a list: \['a'\]"):
        Listed.checked({"names": "a"})


def test_a_default_has_a_reason() -> None:
    assert Inner.reason("dropout") == "the field's usual start"
    assert Outer.reason("epochs") == ""


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("10m", 600), ("1h30m", 5400), ("0.5h", 1800)]
)
def test_spans_of_time(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "ten", "10x", "-5m", "0", "5m later"])
def test_what_is_no_span_of_time_is_refused(text: str) -> None:
    with pytest.raises(RecipeError, match="is not a span of time"):
        parse_duration(text)


def test_child_seeds_differ_and_stay() -> None:
    assert child_seed(0, "shuffle", 1) == child_seed(0, "shuffle", 1)
    assert len({child_seed(0, "shuffle", 1), child_seed(0, "shuffle", 2), child_seed(1, "shuffle", 1)}) == 3
    assert 0 <= child_seed(0, "x") < 2**63


def test_a_validators_own_words_stand_alone() -> None:
    class Dice(Settings):
        sides: int = setting(6, "how many")

        @field_validator("sides")
        @classmethod
        def _even(cls, value: int) -> int:
            if value % 2:
                raise ValueError("An even number is wanted")
            return value

    with pytest.raises(RecipeError, match=r"^sides = 5: an even number is wanted$"):
        Dice.checked({"sides": 5})
