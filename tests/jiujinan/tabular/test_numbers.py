"""Numbers of persons, organisations, phones and accounts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from jiujinan.tabular import numbers
from jiujinan.tabular.messages import TEMPLATES
from jiujinan.tabular.outcome import CellError

GOOD = "99012119700512001" + numbers.check_character("99012119700512001")
days = st.dates(date(1900, 1, 1), date(2030, 12, 31))


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    county = draw(st.from_regex(r"[1-9][0-9]{5}", fullmatch=True))
    digits = f"{county}{draw(days):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return digits + numbers.check_character(digits)


def code_of(function: object, cell: object) -> str:
    with pytest.raises(CellError) as caught:
        function(cell)  # type: ignore[operator]
    assert caught.value.code in TEMPLATES
    return caught.value.code


@given(id_numbers())
def test_a_well_formed_number_is_taken_however_it_is_typed(number: str) -> None:
    wide = number.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"})
    spaced = f" {number[:6]} {number[6:14]}-{number[14:]} "
    for typed in (number, number.lower(), "'" + number, wide, spaced):
        assert numbers.id_number(typed) == number
    assert ric.calc_check_digit(number) == number[17]


@given(id_numbers(), st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_found(number: str, place: int, digit: str) -> None:
    if number[place] != digit:
        wrong = number[:place] + digit + number[place + 1 :]
        with pytest.raises(CellError):
            numbers.id_number(wrong)


@given(id_numbers())
def test_sex_and_birth_date_are_read_from_the_number(number: str) -> None:
    assert numbers.birth_date(number).strftime("%Y%m%d") == number[6:14]
    assert numbers.sex(number) == ("1" if int(number[16]) % 2 else "2")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1.10105E+17", "id_scientific"),
        ("1.1E17", "id_scientific"),
        (1.10105e17, "id_scientific"),
        (110105194912310000, "id_scientific"),  # a spreadsheet keeps fifteen digits
        ("110105491231002", "id_15_digits"),
        (110105491231002, "id_15_digits"),
        (GOOD[:17], "id_format"),
        (GOOD + "1", "id_format"),
        ("无", "id_format"),
        (GOOD[:17] + "Y", "id_format"),
        ("99012119700230001X", "id_birth_date"),
        ("99012119701301001X", "id_birth_date"),
        (GOOD[:17] + ("1" if GOOD[17] != "1" else "2"), "id_check_digit"),
        (12.5, "id_format"),
    ],
)
def test_each_kind_of_wrong_number_has_its_own_answer(cell: object, code: str) -> None:
    assert code_of(numbers.id_number, cell) == code


def test_a_number_that_a_program_wrote_whole_is_taken() -> None:
    digits = "99012119700512003"
    number = digits + numbers.check_character(digits)
    assert number.isdigit()
    assert numbers.id_number(int(number)) == number


@pytest.mark.parametrize(
    ("cell", "digits"),
    [
        ("10012345678", "10012345678"),
        (10012345678, "10012345678"),
        (10012345678.0, "10012345678"),
        ("+86 100-1234-5678", "10012345678"),
        ("8610012345678", "10012345678"),
        ("（0771）5551234", "07715551234"),
        ("010-55512345", "01055512345"),
    ],
)
def test_phones_come_out_as_digits(cell: object, digits: str) -> None:
    assert numbers.phone(cell) == digits


@pytest.mark.parametrize("cell", ["1001234", "12345678901234", "电话", "2.00E+10", "0101234"])
def test_other_texts_are_no_phone(cell: object) -> None:
    assert code_of(numbers.phone, cell) == "phone"


def test_accounts_keep_all_their_digits_or_are_refused() -> None:
    assert numbers.account("9900 0000 0000 0000 001") == "9900000000000000001"
    for lost in (9.9e18, "9.9E+18", 9900000000000000000, "12", "abc"):
        assert code_of(numbers.account, lost) == "account"


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9))
def test_credit_codes_are_checked(body: str) -> None:
    digits = "91990100" + body
    good = digits + uscc.calc_check_digit(digits)
    assert numbers.credit_code(f" {good.lower()} ") == good
    other = "1" if good[17] != "1" else "2"
    assert code_of(numbers.credit_code, digits + other) == "credit_code"
