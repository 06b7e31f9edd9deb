"""Writes golden.json and golden-values.json: what single numbers of core/verdict must be, computed elsewhere.

Run with scipy 1.17, numpy and mpmath installed: python3 test/core/verdict/golden.py && npx prettier --write test/core/verdict/*.json
golden.json: ln of the likelihood ratio of one stratum, at 40 digits with mpmath; small strata are checked against exact integer
arithmetic. Beside it what scipy.stats.nchypergeom_fisher says; missing where it is off by more than 1e-9 itself: it underflows in the
far tail and loses digits in strata of millions.
golden-values.json: increments of the exponential tilt, and evidence about ratios of means, from plain values with mpmath.
"""

import json
import math
import random
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy
from mpmath import mpf
from scipy.stats import nchypergeom_fisher

mpmath.mp.dps = 40
GRID = [0.02, 0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 1.1, 1.2, 1.25, 1.5, 2, 3, 6, 15, 50]
SIZES = [(1, 19), (2, 28), (3, 3), (10, 190), (20, 380), (100, 1900), (5, 95), (30, 30), (50, 550), (150, 450), (250, 4750), (1250, 3750), (2500, 2500), (4750, 250)]
# One unit of the candidate, one of the control, and a million of either.
EDGES = [(1, 1), (1, 5), (1, 999), (1, 199_999), (999, 1), (1, 1_000_000), (1_000_000, 1)]
MILLIONS = [(1_000_000, 1_000_000), (50_000, 1_000_000), (1_000_000, 20_000)]


def log_pmf_exact(n_c, n_b, s, x, psi):
    psi = Fraction(psi)
    low, high = max(0, s - n_b), min(s, n_c)
    weight = lambda k: math.comb(n_c, k) * math.comb(n_b, s - k)
    # One common denominator keeps the sum in integers.
    total = sum(weight(k) * psi.numerator ** (k - low) * psi.denominator ** (high - k) for k in range(low, high + 1))
    top = weight(x) * psi.numerator ** (x - low) * psi.denominator ** (high - x)
    return mpmath.log(mpf(top)) - mpmath.log(mpf(total))


def log_ratio_mp(n_c, n_b, s, x, psi0, psi):
    """x ln(psi/psi0) - ln M(psi) + ln M(psi0), sums by ratios from the mode at 40 digits."""

    def log_sum(odds):
        odds = mpf(odds)
        low, high = max(0, s - n_b), min(s, n_c)
        ratio = lambda k: mpf((n_c - k) * (s - k)) / ((k + 1) * (n_b - s + k + 1)) * odds
        left, right = low, high
        while left < right:
            middle = (left + right) // 2
            left, right = (middle + 1, right) if ratio(middle) > 1 else (left, middle)
        mode = left
        total = term = mpf(1)
        for k in range(mode, high):
            term *= ratio(k)
            total += term
            if term < total * mpf(10) ** -25:
                break
        term = mpf(1)
        for k in range(mode, low, -1):
            term /= ratio(k - 1)
            total += term
            if term < total * mpf(10) ** -25:
                break
        log_choose = lambda n, k: mpmath.loggamma(n + 1) - mpmath.loggamma(k + 1) - mpmath.loggamma(n - k + 1)
        return log_choose(n_c, mode) + log_choose(n_b, s - mode) + mode * mpmath.log(odds) + mpmath.log(total)

    return x * (mpmath.log(mpf(psi)) - mpmath.log(mpf(psi0))) - log_sum(psi) + log_sum(psi0)


def case(n_c, n_b, s, x, psi0, psi):
    log_pmf = lambda odds: float(nchypergeom_fisher.logpmf(x, n_c + n_b, n_c, s, odds))
    value = log_pmf(psi) - log_pmf(psi0)
    exact = float(log_ratio_mp(n_c, n_b, s, x, psi0, psi))
    if n_c + n_b <= 600:
        by_integers = float(log_pmf_exact(n_c, n_b, s, x, psi) - log_pmf_exact(n_c, n_b, s, x, psi0))
        assert abs(exact - by_integers) <= 1e-13 * max(1, abs(by_integers)), (n_c, n_b, s, x, psi0, psi)
    one = {"nC": n_c, "nB": n_b, "xC": x, "xB": s - x, "psi0": psi0, "psi": psi, "logE": exact}
    agrees = math.isfinite(value) and abs(value - exact) <= 1e-9 * max(1, abs(exact))
    return {**one, "scipy": value} if agrees else one


def binary_cases(draw):
    cases = []
    for n_c, n_b in SIZES:
        for rate in (0.001, 0.02, 0.1, 0.5, 0.93):
            s = min(n_c + n_b - 1, max(1, round(rate * (n_c + n_b))))
            low, high = max(0, s - n_b), min(s, n_c)
            for near in (1, draw.choice([0.3, 3])):
                x = min(high, max(low, round(s * n_c / (n_c + n_b) * near)))
                psi0 = draw.choice([1, 1, 0.8, 1.2])
                cases.append(case(n_c, n_b, s, x, psi0, draw.choice([value for value in GRID if value != psi0])))
        # Nothing but outcomes, and none: no information.
        cases.append(case(n_c, n_b, 0, 0, 1, draw.choice(GRID)))
        cases.append(case(n_c, n_b, n_c + n_b, n_c, 0.8, draw.choice(GRID[:6])))
    for n_c, n_b in EDGES:
        for s in sorted({1, (n_c + n_b) // 3, n_c + n_b - 1} - {0}):
            low, high = max(0, s - n_b), min(s, n_c)
            for x in sorted({low, high, min(high, low + 1)}):
                cases.append(case(n_c, n_b, s, x, draw.choice([1, 1.2]), draw.choice(GRID[:7] + GRID[10:])))
    for n_c, n_b in MILLIONS:
        for rate in (0.000_002, 0.001, 0.1, 0.5):
            s = max(1, round(rate * (n_c + n_b)))
            x = min(s, n_c, max(0, s - n_b, round(s * n_c / (n_c + n_b) * draw.choice([0.98, 1, 1.02]))))
            for psi0, psi in ((1, 1.1), (1, 50), (1.2, 1 / math.sqrt(1.2)), (1, 0.02)):
                cases.append(case(n_c, n_b, s, x, psi0, psi))
    return cases


EFFECTS = [0.06, 0.15, 0.4, 1.2, 5]


def tilt_case(draw, n_c, n_b, better):
    """Counters are whole millionths, rounded up: the value to meet is of those, and must be below that of the unrounded ones."""
    cap, mean, deviation = float(draw.integers(5, 200)), 4.0, float(draw.integers(2, 9))
    lambdas = [mpmath.log(1 + mpf(effect) * mpf(mean) * mpf(cap) / mpf(deviation) ** 2) / mpf(cap) for effect in EFFECTS]
    steps = [[int(min(10_000, round(value))) for value in draw.exponential(1500, size=n)] for n in (n_c, n_b)]
    harm = lambda step: mpf(step if better == "lower" else 10_000 - step) / 10_000 * mpf(cap)
    tilts = [[int(mpmath.ceil(mpmath.exp(rate * harm(step)) * 1_000_000 - mpf(10) ** -20)) for step in steps[0] + steps[1]] for rate in lambdas]
    harm_c = sum((harm(step) for step in steps[0]), mpf(0))
    logs = [rate * harm_c - n_c * mpmath.log(mpf(sum(parts)) / 1_000_000 / (n_c + n_b)) for rate, parts in zip(lambdas, tilts)]
    unrounded = [rate * harm_c - n_c * mpmath.log(sum(mpmath.exp(rate * harm(step)) for step in steps[0] + steps[1]) / (n_c + n_b)) for rate in lambdas]
    assert all(log <= other for log, other in zip(logs, unrounded))
    return {"better": better, "cap": cap, "mean": mean, "standardDeviation": deviation, "candidate": steps[0], "control": steps[1], "tilts": [sum(parts) for parts in tilts], "logs": [float(log) for log in logs]}


def ratio_case(draw, strata, rho, bet):
    """Evidence about a ratio of means from plain values, by sums over values instead of sums of squares."""
    rho_, bet_ = mpf(rho), mpf(bet)
    excess, own, floor, control = mpf(0), mpf(0), mpf(0), mpf(0)
    values = []
    for n_c, n_b in strata:
        level = float(draw.uniform(1, 5))
        sample = [[round(float(value), 3) for value in draw.gamma(2, level / 2, size=n)] for n in (n_c, n_b)]
        values.append({"candidate": sample[0], "control": sample[1]})
        c, b = [[mpf(value) for value in arm] for arm in sample]
        omega = mpf(n_c * n_b) / (n_c + n_b)
        mean_c, mean_b = mpmath.fsum(c) / n_c, mpmath.fsum(b) / n_b
        variance_b = mpmath.fsum((value - mean_b) ** 2 for value in b) / (n_b - 1)
        excess += omega * (mean_c - rho_ * mean_b)
        scatter = mpmath.fsum((value - rho_ * mean_b) ** 2 for value in c) / n_c
        own += omega**2 * (scatter - rho_**2 * variance_b / n_b) / n_c
        floor += omega**2 * variance_b / n_c
        control += omega**2 * variance_b / n_b
    q = max(own, rho_ * floor) + rho_**2 * control
    k = 1 + bet_**2 * q
    result = {}
    for side, sign in (("below", -1), ("above", 1)):
        t = sign * excess * bet_ / mpmath.sqrt(k)
        result[side] = float(mpmath.log(mpmath.erfc(-t / mpmath.sqrt(2))) + t**2 / 2 - mpmath.log(k) / 2)
    return {"strata": values, "rho": rho, "bet": bet, "floored": bool(rho_ * floor > own), **result}


def value_cases():
    draw = numpy.random.default_rng(20261121)
    tilts = [tilt_case(draw, n_c, n_b, better) for n_c, n_b in ((1, 1), (1, 30), (7, 40), (60, 60), (200, 5)) for better in ("lower", "higher")]
    shapes = [[(3, 20)], [(1, 9), (2, 30), (5, 12)], [(40, 60), (25, 25), (60, 40)]]
    ratios = [ratio_case(draw, shape, rho, bet) for shape in shapes for rho in (0.5, 0.8, 1, 1.2, 3) for bet in (0.05, 2)]
    twos = [float(t) for t in (-40, -10, -3, -2.83, -2.82, -1, -1e-9, 0, 1e-9, 0.5, 2.82, 2.83, 5, 9, 30)]
    normal = [{"t": t, "log": float(mpmath.log(mpmath.erfc(-mpf(t) / mpmath.sqrt(2))) + mpf(t) ** 2 / 2)} for t in twos]
    return {"tilts": tilts, "ratios": ratios, "normal": normal}


def lines(cases):
    return "[\n" + ",\n".join(f"  {{ {json.dumps(one)[1:-1]} }}" for one in cases) + "\n]\n"


def main():
    cases = binary_cases(random.Random(20261121))
    folder = Path(__file__).parent
    (folder / "golden.json").write_text(lines(cases))
    (folder / "golden-values.json").write_text(json.dumps(value_cases(), indent=None, separators=(",", ":")) + "\n")
    print(len(cases), "cases,", sum("scipy" in one for one in cases), "where scipy agrees")


if __name__ == "__main__":
    main()
