from assay.core.errors import DataError, InputError, did_you_mean


def test_an_error_says_where_what_and_what_to_do() -> None:
    error = DataError("found 3, expected 4", hint="add one", where="a.csv: row 2")
    assert str(error) == "a.csv: row 2: found 3, expected 4 (add one)"
    assert error.exit_status == 2
    assert isinstance(error, InputError)
    assert error.to_json()["where"] == "a.csv: row 2"


def test_the_closest_word_is_offered_or_all_are_listed() -> None:
    assert did_you_mean("dropuot", ["dropout", "depth"]) == "did you mean 'dropout'?"
    assert did_you_mean("Sex", ["SEX"]) == "did you mean 'SEX'?"
    assert did_you_mean("zzz", ["a", "b"]) == "known: a, b"
    assert did_you_mean("zzz", []) == ""
