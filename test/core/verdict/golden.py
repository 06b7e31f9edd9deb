"""Writes golden.json: ln of the likelihood ratio of one stratum, from scipy.stats.nchypergeom_fisher.

Run with scipy 1.17 installed: python3 test/core/verdict/golden.py
Each value is checked against exact integer arithmetic before it is written.
"""

import json
import math
import random
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

from scipy.stats import nchypergeom_fisher

getcontext().prec = 60
GRID = [0.02, 0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 1.1, 1.2, 1.25, 1.5, 2, 3, 6, 15, 50]


def log_pmf_exact(n_c, n_b, s, x, psi):
    psi = Fraction(psi)
    low, high = max(0, s - n_b), min(s, n_c)
    weight = lambda k: math.comb(n_c, k) * math.comb(n_b, s - k)
    # One common denominator keeps the sum in integers.
    total = sum(weight(k) * psi.numerator ** (k - low) * psi.denominator ** (high - k) for k in range(low, high + 1))
    top = weight(x) * psi.numerator ** (x - low) * psi.denominator ** (high - x)
    return Decimal(top).ln() - Decimal(total).ln()


def case(n_c, n_b, s, x, psi0, psi):
    log_pmf = lambda odds: float(nchypergeom_fisher.logpmf(x, n_c + n_b, n_c, s, odds))
    value = log_pmf(psi) - log_pmf(psi0)
    small = n_c + n_b <= 600
    if small and math.isfinite(value):
        exact = float(log_pmf_exact(n_c, n_b, s, x, psi) - log_pmf_exact(n_c, n_b, s, x, psi0))
        assert abs(value - exact) <= 1e-9 * max(1e-3, abs(exact)), (n_c, n_b, s, x, psi0, psi, value, exact)
    return {"nC": n_c, "nB": n_b, "xC": x, "xB": s - x, "psi0": psi0, "psi": psi, "logE": value}


def main():
    draw = random.Random(20261121)
    cases = []
    sizes = [(1, 19), (2, 28), (5, 95), (30, 30), (50, 550), (150, 450), (250, 4750), (1250, 3750), (2500, 2500), (4750, 250)]
    for n_c, n_b in sizes:
        for rate in (0.001, 0.02, 0.1, 0.5, 0.93):
            s = min(n_c + n_b - 1, max(1, round(rate * (n_c + n_b))))
            low, high = max(0, s - n_b), min(s, n_c)
            for near in (1, draw.choice([0.3, 3])):
                x = min(high, max(low, round(s * n_c / (n_c + n_b) * near)))
                psi0 = draw.choice([1, 1, 0.8, 1.2])
                psi = draw.choice([value for value in GRID if value != psi0])
                one = case(n_c, n_b, s, x, psi0, psi)
                # scipy's own pmf underflows far in the tail.
                if math.isfinite(one["logE"]):
                    cases.append(one)
    Path(__file__).with_name("golden.json").write_text("[\n" + ",\n".join(f"  {{ {json.dumps(one)[1:-1]} }}" for one in cases) + "\n]\n")
    print(len(cases), "cases")


if __name__ == "__main__":
    main()
