"""Counts behind shares, intervals, pooling, cautions: checked against other formulas and a published meta-analysis."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.evidence import extra, intervals, pooling
from her2nav.evidence.cautions import CAUTIONS, cautions
from her2nav.evidence.library import library
from her2nav.evidence.rows import Row, rows, select
from her2nav.knowledge.load import load_knowledge
from her2nav.knowledge.studies import Arm, Result, Study
from her2nav.model.errors import InputError


@pytest.fixture(scope="module")
def stock():
    return library(load_knowledge())


def row(stock, study, arm):
    found = stock.studies[study]
    return Row(found, next(one for one in found.arms if one.id == arm))


def made(study="made", arm="all", *, n=50, value="20", dose="1 mg", molecular=None, setting="later_line", kind="trial"):
    result = Result(measure="orr", value=Decimal(value))
    return Row(
        Study(
            id=study,
            name=study,
            kind=kind,
            tumours=("colorectal",),
            regimen="x",
            drugs=("tucatinib",),
            dose=dose,
            gate="positive",
            molecular=molecular,
            setting=setting,
            arms=(Arm(id=arm, name=arm, n=n, results=(result,)),),
            cite=("seed_004#1",),
            confidence="P",
        ),
        Arm(id=arm, name=arm, n=n, results=(result,)),
    )


@given(st.integers(1, 300), st.data())
def test_a_count_is_found_again_from_its_rounded_share(n, data):
    k = data.draw(st.integers(0, n))
    share = intervals.rounded(Decimal(100 * k) / n, Decimal("0.1"))
    assert k in intervals.attainable(share, n)


@pytest.mark.parametrize(
    ("share", "n", "counts"),
    [("38.1", 84, (32,)), ("38.1", 86, ()), ("55.8", 18, ()), ("28", 32, (9,)), ("28", 35, ()), ("44", 18, (8,))],
)
def test_counts_that_settle_conflicts(share, n, counts):
    assert intervals.attainable(Decimal(share), n) == counts


@given(st.integers(1, 200), st.data())
def test_intervals_hold_the_share(n, data):
    k = data.draw(st.integers(0, n))
    for method in ("clopper_pearson", "wilson"):
        found = intervals.interval(k, n, method=method)
        assert -1e-9 <= found.low <= Decimal(100 * k) / n + Decimal("1e-6")
        assert Decimal(100 * k) / n - Decimal("1e-6") <= found.high <= Decimal("100.0000001")


@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (0, 40), (40, 40), (1, 500), (24, 53), (1499, 1500), (733, 2000)])
@pytest.mark.parametrize("level", ["90", "95", "99"])
def test_intervals_are_those_of_another_library(k, n, level):
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    for method, name in (("clopper_pearson", "beta"), ("wilson", "wilson")):
        found = intervals.interval(k, n, Decimal(level), method)
        other = proportion.proportion_confint(k, n, alpha=1 - float(level) / 100, method=name)
        assert (float(found.low) / 100, float(found.high) / 100) == pytest.approx(other, rel=1e-9, abs=1e-12)


def test_exact_interval_solves_its_equations():
    """Clopper-Pearson by definition: each tail holds 2.5 %."""
    k, n = 24, 53
    found = intervals.interval(k, n)
    low, high = float(found.low) / 100, float(found.high) / 100

    def at_most(p, limit):
        return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(limit + 1))

    assert 1 - at_most(low, k - 1) == pytest.approx(0.025, abs=1e-6)
    assert at_most(high, k) == pytest.approx(0.025, abs=1e-6)


def test_wilson_is_its_formula():
    k, n, z = 3, 31, 1.959963984540054
    p = k / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    found = intervals.interval(k, n, method="wilson")
    assert (float(found.low), float(found.high)) == pytest.approx((100 * (middle - half), 100 * (middle + half)))


def test_every_printed_interval_but_one_is_exact(stock):
    checks = [
        found for one in rows(stock.studies.values()) for r in one.arm.results if (found := intervals.check(one, r))
    ]
    by_verdict = {}
    for one in checks:
        by_verdict.setdefault(one.verdict, []).append(f"{one.row.study.id}/{one.row.arm.id}/{one.result.measure}")
    assert by_verdict["differs"] == ["heracles_b/all/orr"]
    assert sorted(by_verdict["not_attainable"]) == [
        "hudson/all/adverse_event",
        "pyrotinib_inetetamab/dose_320/orr",
        "tdxd_phase1_nsclc/all/orr",
    ]
    assert len(by_verdict["clopper_pearson"]) >= 10
    assert "wilson" not in by_verdict


def test_an_80_percent_interval_is_checked_at_its_level(stock):
    pytest.importorskip("statsmodels")
    one = row(stock, "hudson", "mutated")
    found = intervals.check(one, one.of("orr")[0])
    assert (found.level, found.events, found.n, found.verdict) == (80, 7, 20, "clopper_pearson")


def test_the_published_meta_analysis_is_found_again(stock):
    """Chitkara 2023: 77.42 and 71.43 % are one trial each, and T-DXd is above 80 % in all its cohorts together."""
    pytest.importorskip("statsmodels")
    published = stock.studies["chitkara_2023"]
    stated = {arm.id: arm.results[0] for arm in published.arms}
    for arm, study, ours in (
        ("tdm1_pertuzumab", "heracles_b", "all"),
        ("tucatinib_trastuzumab", "mountaineer", "combination"),
    ):
        one = row(stock, study, ours)
        (events,) = intervals.events_of(one, one.of("dcr")[0])
        assert intervals.rounded(Decimal(100 * events) / one.arm.n, Decimal("0.01")) == stated[arm].value
    cohorts = [("destiny_crc01", "cohort_a"), ("destiny_crc02", "dose_5_4"), ("destiny_crc02", "dose_6_4")]
    counts = []
    for study, arm in cohorts:
        one = row(stock, study, arm)
        (events,) = intervals.events_of(one, one.of("dcr")[0])
        counts.append((events, one.arm.n))
    pooled = pooling.pool(counts)
    assert stated["tdxd"].sign == "more_than"
    assert pooled.share > stated["tdxd"].value
    assert pooled.low > 77


def by_hand(counts):
    """DerSimonian and Laird on the logit scale, as their paper writes it."""
    cells = [(k + 0.5, n - k + 0.5) if k in (0, n) else (k, n - k) for k, n in counts]
    y = [math.log(a / b) for a, b in cells]
    v = [1 / a + 1 / b for a, b in cells]
    w = [1 / x for x in v]
    fixed = sum(a * b for a, b in zip(w, y, strict=True)) / sum(w)
    q = sum(a * (b - fixed) ** 2 for a, b in zip(w, y, strict=True))
    tau2 = max(0.0, (q - len(y) + 1) / (sum(w) - sum(x * x for x in w) / sum(w)))
    w = [1 / (x + tau2) for x in v]
    mean = sum(a * b for a, b in zip(w, y, strict=True)) / sum(w)
    half = 1.959963984540054 / math.sqrt(sum(w))
    return [100 / (1 + math.exp(-x)) for x in (mean, mean - half, mean + half)], tau2, q


@given(
    st.lists(st.integers(2, 120).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=6)
)
def test_pooling_is_its_formula(counts):
    pytest.importorskip("statsmodels")
    found = pooling.pool(counts)
    (share, low, high), tau2, q = by_hand(counts)
    assert (found.share, found.low, found.high) == pytest.approx((share, low, high), rel=1e-6)
    assert (found.tau2, found.q) == pytest.approx((tau2, q), rel=1e-6, abs=1e-9)
    assert 0 <= found.i2 <= 100
    assert sum(found.weights) == pytest.approx(100)
    assert 0 <= found.low <= found.share <= found.high <= 100


def test_pooling_agrees_with_the_library_where_trials_differ():
    """With a variance above nought the answer is that of statsmodels itself."""
    meta = pytest.importorskip("statsmodels.stats.meta_analysis")
    counts = [(5, 50), (30, 60), (20, 90)]
    y = [math.log(k / (n - k)) for k, n in counts]
    v = [1 / k + 1 / (n - k) for k, n in counts]
    import numpy

    theirs = meta.combine_effects(numpy.array(y), numpy.array(v), method_re="dl")
    found = pooling.pool(counts)
    assert found.tau2 == pytest.approx(theirs.tau2)
    assert found.share == pytest.approx(100 / (1 + math.exp(-theirs.mean_effect_re)))
    assert found.i2 == pytest.approx(100 * theirs.i2)


def test_one_share_is_not_pooled():
    with pytest.raises(ValueError, match="two shares"):
        pooling.pool([(3, 10)])


def test_only_alike_arms_are_pooled():
    alike = [made("one"), made("two", value="40")]
    assert [len(group.entries) for group in pooling.groups(alike)] == [2]
    for other in (
        made("two", dose="2 mg"),
        made("two", dose=None),
        made("two", molecular="RAS wild-type"),
        made("two", setting="first_line"),
        made("two", setting="not_stated"),
        made("two", kind="retrospective"),
        made("two", value="20.3"),
        made("two", n=None),
    ):
        assert pooling.groups([made("one"), other]) == []


def test_one_arm_of_each_trial_the_largest():
    (group,) = pooling.groups([made("one", "early", n=20), made("one", "late", n=40, value="25"), made("two")])
    assert [(entry.row.arm.id, entry.n) for entry in group.entries] == [("late", 40), ("all", 50)]


def test_colorectal_trials_are_not_pooled_and_it_is_said_why(stock):
    shown = rows(select(load_knowledge(), stock.studies.values(), "colorectal"))
    assert pooling.groups(shown) == []
    missed = dict(pooling.near_misses(shown))
    assert "the other genes asked for" in missed["MyPathway", "TAPUR", "TRIUMPH"]
    assert "the dose" in missed["DESTINY-CRC01", "DESTINY-CRC02"]


def test_an_unverified_number_is_not_used(stock):
    one = row(stock, "tdxd_phase1_nsclc", "all")
    assert one.of("dor")[0].value == Decimal("9.9")
    assert one.one("dor") is None


def test_every_caution_can_be_given(stock):
    given_codes = {one.code for one in cautions(rows(stock.studies.values()))}
    assert given_codes == set(CAUTIONS)
    assert [one.code for one in cautions([row(stock, "mypathway", "kras_wt")])] == []


def test_a_missing_extra_is_one_clear_line():
    with pytest.raises(InputError) as caught:
        extra.need("no_such_library_anywhere.part", "a plot")
    assert caught.value.exit_status == 2
    assert "a plot needs no_such_library_anywhere" in str(caught.value)
    assert "her2nav[evidence]" in str(caught.value)
