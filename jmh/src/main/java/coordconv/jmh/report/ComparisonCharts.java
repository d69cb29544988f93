package coordconv.jmh.report;

import coordconv.cli.report.Axis;
import coordconv.cli.report.BarChart;
import coordconv.cli.report.XyChart;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.comparison.Measurement;
import coordconv.jmh.comparison.Results;
import coordconv.jmh.stats.Interval;
import coordconv.kernels.ConvGeometry;
import coordconv.verification.problem.Problem;
import java.util.List;
import java.util.Optional;

/** The comparison as charts: bars with their intervals, and a roofline with every engine under it. */
final class ComparisonCharts {
    private static final double MIN_INTENSITY = 1;
    private static final double MAX_INTENSITY = 1000;

    private final Results results;
    private final ComparisonTables tables;

    ComparisonCharts(Results results, ComparisonTables tables) {
        this.results = results;
        this.tables = tables;
    }

    /** Bars of every engine for every problem, with the half width of their intervals. */
    BarChart bars(int threads, boolean coordinates) {
        BarChart chart = BarChart.of("GFLOP/s", List.copyOf(tables.problems().values()));
        List<String> problems = List.copyOf(tables.problems().keySet());
        for (String engine : tables.engines()) {
            double[] rates = new double[problems.size()];
            double[] errors = new double[rates.length];
            for (int i = 0; i < rates.length; i++) {
                Optional<Interval> rate = tables.find(engine, Operation.FORWARD,
                        coordinates ? problems.get(i) : ComparisonTables.plain(problems.get(i)), threads)
                        .filter(Measurement::isTimed).map(Measurement::rate);
                rates[i] = rate.map(Interval::estimate).orElse(Double.NaN);
                errors[i] = rate.map(r -> (r.high() - r.low()) / 2).orElse(0.0);
            }
            chart.bars(engine, rates, errors);
        }
        return chart;
    }

    /** Rate against arithmetic intensity, under the ceilings; every engine has its colour. */
    XyChart roofline(int threads) {
        double top = results.ceiling(Operation.REGISTER_FMA, threads).orElse(1.0);
        XyChart chart = XyChart.of(
                Axis.of("arithmetic intensity, FLOP per byte of input, weights and output").log().range(MIN_INTENSITY, MAX_INTENSITY),
                Axis.of("GFLOP/s").log().range(top / 100, top * 2));
        roof(chart, "register FMA and memory copy", top, results.ceiling(Operation.MEMORY_COPY, threads));
        roof(chart, "micro-kernel from L1 and copy in L2", results.ceiling(Operation.L1_KERNEL, threads).orElse(top),
                results.ceiling(Operation.CACHE_COPY, threads));
        List<String> problems = List.copyOf(tables.problems().keySet());
        for (String engine : tables.engines()) {
            double[] intensities = problems.stream().mapToDouble(ComparisonCharts::intensity).toArray();
            double[] rates = problems.stream().mapToDouble(problem -> tables.find(engine, Operation.FORWARD, problem, threads)
                    .filter(Measurement::isTimed).map(m -> m.rate().estimate()).orElse(Double.NaN)).toArray();
            chart.points(engine, intensities, rates);
        }
        return chart;
    }

    private static void roof(XyChart chart, String name, double top, Optional<Double> bandwidth) {
        double slope = bandwidth.orElse(top);
        double ridge = Math.max(top / slope, MIN_INTENSITY);
        chart.reference(name, new double[] {MIN_INTENSITY, ridge, MAX_INTENSITY},
                new double[] {Math.min(top, MIN_INTENSITY * slope), top, top});
    }

    private static double intensity(String problem) {
        ConvGeometry g = Problem.parse(problem).geometry();
        return g.flops() / (Float.BYTES * ((double) g.inputLength() + g.weightLength() + g.outputLength()));
    }
}
