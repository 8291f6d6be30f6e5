"""First sessions of shares listed since 2023: before them there is no price to study."""

from __future__ import annotations

from datetime import date

FIRST_SESSION = {
    "ARM": date(2023, 9, 14),
    "CBRS": date(2026, 5, 14),
    "CORZ": date(2024, 1, 24),  # listed again after its reorganisation
    "CRWV": date(2025, 3, 28),
    "GEV": date(2024, 3, 27),
    "NBIS": date(2024, 10, 21),  # trading resumed
    "SPCX": date(2026, 6, 12),
}
