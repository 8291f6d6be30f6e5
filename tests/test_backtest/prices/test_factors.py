"""Files of the Ken French library, in the form they are downloaded in."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest

from backtest.errors import PriceError
from backtest.prices.factors.library import read_factors

THREE = """This file was created using the 202609 CRSP database.
The Tbill return is the simple daily rate that, over the number of trading days
in the month, compounds to 1-month TBill rate.

,Mkt-RF,SMB,HML,RF
20260407,    1.23,   -0.45,    0.10,    0.015
20260408,   -0.50,    0.25,  -99.99,    0.015
20260409,    0.75,    0.00,    0.20,    0.015

Copyright 2026 Eugene F. Fama and Kenneth R. French
"""
MOMENTUM = """This file was created using the 202609 CRSP database.
Missing data are indicated by -99.99 or -999.

,Mom
20260408,   0.31
20260409,  -0.12
"""
MONTHLY = "x\n\n,Mkt-RF,SMB,HML,RF\n202604,1,2,3,4\n\n Annual\n,Mkt-RF\n2026,1\n"


def written(folder: Path, text: str, name: str = "F.CSV") -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_percent_become_fractions(tmp_path: Path) -> None:
    factors = read_factors(written(tmp_path, THREE))
    assert list(factors.columns) == ["Mkt-RF", "SMB", "HML", "RF"]
    assert [str(day.date()) for day in factors.index] == ["2026-04-07", "2026-04-08", "2026-04-09"]
    np.testing.assert_allclose(factors["Mkt-RF"], [0.0123, -0.005, 0.0075])
    assert factors["HML"].isna().tolist() == [False, True, False]


def test_zip_as_downloaded_and_momentum_beside(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "F-F_Research_Data_Factors_daily_CSV.zip", "w") as archive:
        archive.writestr("F-F_Research_Data_Factors_daily.csv", THREE)
    both = read_factors(
        tmp_path / "F-F_Research_Data_Factors_daily_CSV.zip", written(tmp_path, MOMENTUM)
    )
    assert list(both.columns) == ["Mkt-RF", "SMB", "HML", "RF", "Mom"]
    assert len(both) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MONTHLY, "F.CSV is a monthly file; download the one named [Daily]"),
        ("Date,Close\n2026-04-09,1\n", "F.CSV has no rows of daily factors"),
        (",Mkt-RF,Beta\n20260409,1,2\n", "F.CSV: the line above the first day is 'Mkt-RF,Beta'"),
        (",Mkt-RF\n20260409,1,2\n", "F.CSV: 20260409 has 2 values, expected 1"),
        (
            ",Mkt-RF,SMB\n20260408,1,2\n20260409,1,abc\n",
            "F.CSV: SMB of 20260409 is 'abc', which is not a number",
        ),
        (",Mkt-RF\n20260409,inf\n", "F.CSV: Mkt-RF of 20260409 is 'inf', which is not a number"),
        (",Mkt-RF\n20260409,nan\n", "F.CSV: Mkt-RF of 20260409 is 'nan', which is not a number"),
        (",Mkt-RF\n20260409,\n", "F.CSV: Mkt-RF of 20260409 is '', which is not a number"),
        (",SMB,smb\n20260409,1,2\n", "F.CSV: has more than one column for SMB; keep one"),
        (",Mkt-RF\n20260409,1\n20260408,1\n", "F.CSV: 20260408 is out of order, below 20260409"),
        (",Mkt-RF\n20261309,1\n", "F.CSV: 20261309 is no date"),
        ("PK\x03\x04 not really", "F.CSV: a broken zip file"),
    ],
)
def test_what_is_no_factor_file(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PriceError) as caught:
        read_factors(written(tmp_path, text))
    assert str(caught.value).startswith(said)


def test_a_zip_damaged_inside(tmp_path: Path) -> None:
    path = tmp_path / "damaged.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", THREE * 20)
    data = bytearray(path.read_bytes())
    data[45:90] = b"\xff" * 45  # within the compressed bytes: zlib itself refuses them
    path.write_bytes(data)
    with pytest.raises(PriceError, match=r"damaged\.zip: a broken zip file .*download it again"):
        read_factors(path)


def test_a_zip_with_more_than_one_file_or_a_huge_one(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", THREE)
        archive.writestr("b.csv", THREE)
    with pytest.raises(PriceError, match="expected one CSV file in it, found 2"):
        read_factors(tmp_path / "two.zip")


def test_files_without_a_common_day_and_none_at_all(tmp_path: Path) -> None:
    other = written(tmp_path, ",Mom\n20250407,1\n", "M.CSV")
    with pytest.raises(PriceError, match=r"F\.CSV, M\.CSV: the files have no day in common"):
        read_factors(written(tmp_path, THREE), other)
    with pytest.raises(PriceError, match="no factor files named"):
        read_factors()
    with pytest.raises(PriceError, match="cannot be read: No such file"):
        read_factors(tmp_path / "nowhere.zip")


def many_days(market: float, rate: float = 0.01) -> str:
    """22 days of a market factor that goes up and down by `market`, SMB by half of it."""
    rows = "".join(
        f"202604{day:02d}, {sign * market:.6f}, {sign * market / 2:.6f}, {rate}\n"
        for day, sign in zip(range(1, 23), (1, -1) * 11, strict=True)
    )
    return f",Mkt-RF,SMB,RF\n{rows}"


def test_fractions_are_refused(tmp_path: Path) -> None:
    """Divided by 100 once more they would multiply every loading by 100."""
    with pytest.raises(PriceError, match=r"F.CSV: Mkt-RF varies by 0.01 a day, .* multiply every"):
        read_factors(written(tmp_path, many_days(0.01)))
    assert read_factors(written(tmp_path, many_days(1.0)))["Mkt-RF"].std() > 0.009
    assert read_factors(written(tmp_path, many_days(0.2)))["SMB"].max() == pytest.approx(0.001)


def test_momentum_alone_tells_too(tmp_path: Path) -> None:
    text = "\n".join(
        line.split(",")[0] + "," + line.split(",")[2] for line in many_days(0.02).splitlines()
    ).replace("SMB", "Mom")
    with pytest.raises(PriceError, match=r"Mom varies by 0\.01 a day"):
        read_factors(written(tmp_path, text))
