"""The statistic of every test in one line. A test without one does not build the page."""

from __future__ import annotations

LETTERS = (
    "Letters: N events; CAR the cumulated abnormal return of an event, "
    "S its forecast error, SCAR = CAR/S; CAAR the mean CAR; L sessions of the window, "
    "T sessions that are ranked or estimated on; Q = df/(df − 2), the variance of a SCAR; "
    "C_ij the exact correlation of two CARs, r* its mean off the diagonal; "
    "ρ_ij the correlation of two events' residuals, r̄ its mean; "
    "o_ij the share of sessions that two windows have in common, r° the mean of ρ_ij o_ij."
)
_BMP = "mean(SCAR) / (sd(SCAR)/√N)"
_PATELL = "Σ SCAR / √(Σ Q)"
_DAYS = "A_t = N_t^−½ Σ_i score_it over the events with day t, s² = mean over all days of A_t²"
_FPC = "z = Σ_W A_t / (s √(L(T − L)/(T − 1))), then z √((T − 2)/(T − 1 − z²))"
_RANK = "score = K/(n + 1) − ½, K the rank of a day's abnormal return among the event's n days"
_STANDARD = (
    "the same scores of days in units of their error, event days also of their spread across events"
)
_WHOLE = (
    "u = mean over events of K/(n + 1) − ½, "
    "K the rank of SCAR/sd(SCAR) among the event's own residuals/σ"
)
_WHOLE_Z = "u / √(N^−2 Σ (n − 1)/(12(n + 1)))"
_JOHNSON = "m = mean/s of the CARs, g their skewness"

FORMULAS = {
    "kp_bmp_shared_t": "`mean(SCAR) / (√(v 1'(C + δB)1)/N)`, B the pairs that share an "
    "announcement or a date, δ ≥ 0 by moments, `v = e'e/tr(M(C + δB))`, e the SCARs less their "
    "mean, M what subtracts it; df `tr(MC)²/tr(MCMC)` with that C. "
    "Events of one security: least squares weighted by `C⁻¹`, df N − 1",
    "bmp_shift": f"`{_BMP}`, the events weighed alike, "
    "held against the same t at every common shift of the events inside their estimation windows",
    "cr2_date_t": "`mean(SCAR) / (√(Σ_g (Σ_{i∈g} e_i)²/(1 − n_g/N))/N)`, g the dates, "
    "n_g their events, e the SCARs less their mean",
    "kp_bmp_exact_t": f"`{_BMP} · √((1 − r*)/(1 + (N − 1) r*))`",
    "kp_bmp_exact_neff_t": "that of `kp_bmp_exact_t`; df N/(1 + (N − 1) r*) − 1",
    "kp_bmp_overlap_t": f"`{_BMP} · √((1 − r°)/(1 + (N − 1) r°))`",
    "kp_bmp_overlap_neff_t": "that of `kp_bmp_overlap_t`; df N/(1 + (N − 1) r°) − 1",
    "kp_bmp_t": f"`{_BMP} · √((1 − r̄)/(1 + (N − 1) r̄))`",
    "bmp_t": f"`{_BMP}`",
    "grank_exact_t": f"`{_WHOLE_Z} / √(1 + (N − 1) r*)`; {_WHOLE}",
    "grank_exact_z": "that of `grank_exact_t`",
    "grank_t": f"`z = u / s`, s² the weighted mean of the squares of every day's mean score, then "
    f"`z √((T − 2)/(T − 1 − z²))`; {_WHOLE}",
    "grank_z": f"`{_WHOLE_Z}`; {_WHOLE}",
    "patell_exact_z": "`Σ SCAR / √(Σ_ij C_ij √(Q_i Q_j))`",
    "patell_overlap_z": "`Σ SCAR / √(Σ_ij ρ_ij o_ij √(Q_i Q_j))`",
    "kp_patell_overlap_z": f"`{_PATELL} / √(1 + (N − 1) r°)`",
    "kp_patell_z": f"`{_PATELL} / √(1 + (N − 1) r̄)`",
    "patell_z": f"`{_PATELL}`",
    "patell_csar_z": "`Σ_i (Σ_t SAR_it/√L) / √(Σ Q)`, "
    "SAR a day's abnormal return over its own error",
    "caar_exact_z": "`CAAR / √(N^−2 Σ_ij C_ij S_i S_j)`",
    "caar_overlap_z": "`CAAR / √(N^−2 Σ_ij ρ_ij o_ij S_i S_j)`",
    "ts_indep_z": "`CAAR / √(N^−2 Σ S²)`",
    "cross_t": "`CAAR / (sd(CAR)/√N)`",
    "crude_dep_t": "`Σ_W AAR_t / (√L sd(AAR))`, AAR the mean over events of a day in event time, "
    "its spread over the estimation days",
    "calendar_time_z": "`Σ_d (P_d/s_d) / √D` over the D calendar days in some window, "
    "P_d the mean abnormal return of the n_d events of the day, `s_d² = n_d^−2 Σ_ij ρ_ij σ_i σ_j`",
    "placebo_shift": "mean(SCAR), held against the mean over events of `Σ_L residuals / "
    "(σ √(L − leverage))` at every common shift inside the estimation windows",
    "wild_cluster": "mean(SCAR) over its error clustered by chains of overlapping windows, "
    "`G/(G − 1) N^−2 Σ_g (Σ_{i∈g} e_i)²`, under flips of each cluster's sign",
    "wild_event": "the same with every event a cluster of its own",
    "corrado_rank_z": f"`Σ_W A_t / (s √L)`, {_DAYS}; {_RANK}",
    "corrado_zivney_z": f"`Σ_W A_t / (s √L)`, {_DAYS}; {_STANDARD}",
    "cz_sign_z": f"`Σ_W A_t / (s √L)`, {_DAYS}; score the sign "
    "of a day's abnormal return less the event's median",
    "cumrank_fpc_t": f"`{_FPC}`, {_DAYS}; {_RANK}",
    "cz_cumrank_fpc_t": f"`{_FPC}`, {_DAYS}; {_STANDARD}",
    "sign_z": "`(n₊ − N/2) / √(N/4)`, n₊ the positive CARs; its p is the exact binomial one",
    "gsign_z": "`(n₊ − N p) / √(N p (1 − p))`, p the mean share of positive estimation residuals",
    "wilcoxon": "`(W − N(N + 1)/4) / √(N(N + 1)(2N + 1)/24)`, "
    "W the sum of the ranks of |CAR| where CAR > 0; its p is exact up to 50 events",
    "johnson_t": f"`√N (m + g m²/3 + g/(6N))`, {_JOHNSON}",
    "hall_z": f"`√N (m + g m²/3 + g² m³/27 + g/(6N))`, {_JOHNSON}",
    "lbt_boot": "that of `johnson_t`, held against itself in 999 resamples of N/4 events "
    "(at least 5), each less the mean of all",
}  # fmt: skip
