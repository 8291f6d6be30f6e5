"""The clocks of exchanges.

Kept here because calendars are slow to make and a date must not wait for one.
"""

from __future__ import annotations

ZONES = {
    "XNYS": "America/New_York", "XNAS": "America/New_York", "XLON": "Europe/London",
    "XDUB": "Europe/Dublin", "XETR": "Europe/Berlin", "XFRA": "Europe/Berlin",
    "XDUS": "Europe/Berlin", "XHAM": "Europe/Berlin", "XSTU": "Europe/Berlin",
    "XPAR": "Europe/Paris", "XAMS": "Europe/Amsterdam", "XBRU": "Europe/Brussels",
    "XLIS": "Europe/Lisbon", "XMIL": "Europe/Rome", "XMAD": "Europe/Madrid",
    "XSWX": "Europe/Zurich", "XWBO": "Europe/Vienna", "XSTO": "Europe/Stockholm",
    "XCSE": "Europe/Copenhagen", "XHEL": "Europe/Helsinki", "XOSL": "Europe/Oslo",
    "XICE": "Atlantic/Reykjavik", "XWAR": "Europe/Warsaw", "XPRA": "Europe/Prague",
    "XBUD": "Europe/Budapest", "XIST": "Europe/Istanbul", "XTKS": "Asia/Tokyo",
    "XHKG": "Asia/Hong_Kong", "XTAI": "Asia/Taipei", "XKRX": "Asia/Seoul", "XSHG": "Asia/Shanghai",
    "XSES": "Asia/Singapore", "XKLS": "Asia/Kuala_Lumpur", "XBKK": "Asia/Bangkok",
    "XIDX": "Asia/Jakarta", "XBOM": "Asia/Kolkata", "XASX": "Australia/Sydney",
    "XNZE": "Pacific/Auckland", "XTSE": "America/Toronto", "XMEX": "America/Mexico_City",
    "BVMF": "America/Sao_Paulo", "XSGO": "America/Santiago",
    "XBUE": "America/Argentina/Buenos_Aires", "XJSE": "Africa/Johannesburg",
    "XTAE": "Asia/Jerusalem", "XSAU": "Asia/Riyadh", "24/7": "UTC", "24/5": "UTC",
}  # fmt: skip
