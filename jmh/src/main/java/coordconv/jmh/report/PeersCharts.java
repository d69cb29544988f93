package coordconv.jmh.report;

import coordconv.jmh.peer.Operation;
import coordconv.jmh.peers.Measurement;
import coordconv.jmh.peers.Results;
import coordconv.jmh.stats.Interval;
import coordconv.kernels.ConvGeometry;
import coordconv.verification.problem.Problem;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The comparison as charts: bars with their intervals, and a roofline. */
final class PeersCharts {
    private final Results results;
    private final PeersTables tables;

    PeersCharts(Results results, PeersTables tables) {
        this.results = results;
        this.tables = tables;
    }

    /** Bars of every engine for every problem. */
    String bars(int threads, boolean coordinates) {
        CategoryChart chart = new CategoryChartBuilder().width(1100).height(480)
                .title((coordinates ? "CoordConv" : "The same convolution without coordinates") + ", " + count(threads))
                .yAxisTitle("GFLOP/s").build();
        Drawing.style(chart.getStyler());
        chart.getStyler().setXAxisLabelRotation(30);
        chart.getStyler().setAvailableSpaceFill(0.85);
        List<String> names = List.copyOf(tables.problems().values());
        for (String engine : tables.engines()) {
            List<Double> rates = new ArrayList<>();
            List<Double> errors = new ArrayList<>();
            for (String problem : tables.problems().keySet()) {
                Optional<Interval> rate = tables
                        .find(engine, Operation.FORWARD, coordinates ? problem : PeersTables.plain(problem), threads)
                        .filter(Measurement::isTimed).map(Measurement::rate);
                rates.add(rate.map(Interval::estimate).orElse(0.0));
                errors.add(rate.map(r -> (r.high() - r.low()) / 2).orElse(0.0));
            }
            chart.addSeries(engine, names, rates, errors).setFillColor(Drawing.colour(engine));
        }
        return Drawing.svg(chart);
    }

    /** Rate against arithmetic intensity, under the ceilings. */
    String roofline(int threads) {
        XYChart chart = new XYChartBuilder().width(1100).height(560)
                .title("Roofline, CoordConv, " + count(threads))
                .xAxisTitle("arithmetic intensity: flop per byte of input, weights and output")
                .yAxisTitle("GFLOP/s").build();
        Drawing.style(chart.getStyler());
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        chart.getStyler().setYAxisMin(1.0);
        double top = results.ceiling(Operation.REGISTER_FMA, threads).orElse(1.0);
        roof(chart, "register FMA", top, results.ceiling(Operation.MEMORY_COPY, threads), " / memory", Color.GRAY);
        roof(chart, "L1 micro-kernel", results.ceiling(Operation.L1_KERNEL, threads).orElse(top),
                results.ceiling(Operation.CACHE_COPY, threads), " / L2 copy", Color.LIGHT_GRAY);
        for (String engine : tables.engines()) {
            List<Double> intensity = new ArrayList<>();
            List<Double> rate = new ArrayList<>();
            for (String problem : tables.problems().keySet()) {
                tables.find(engine, Operation.FORWARD, problem, threads).filter(Measurement::isTimed).ifPresent(m -> {
                    intensity.add(intensity(problem));
                    rate.add(m.rate().estimate());
                });
            }
            if (!rate.isEmpty()) {
                XYSeries series = chart.addSeries(engine, intensity, rate);
                series.setMarkerColor(Drawing.colour(engine));
                series.setMarker(engine.equals(PeersTables.OURS) ? SeriesMarkers.DIAMOND : SeriesMarkers.CIRCLE);
            }
        }
        return Drawing.svg(chart);
    }

    private static void roof(XYChart chart, String name, double top, Optional<Double> bandwidth, String bandwidthName,
            Color colour) {
        double[] x = {1, 1000};
        double[] y = {top, top};
        if (bandwidth.isPresent()) {
            // Every byte is moved once, while a copy both reads and writes what it counts.
            double ridge = top / bandwidth.get();
            x = new double[] {Math.min(1, ridge / 2), ridge, 1000};
            y = new double[] {x[0] * bandwidth.get(), top, top};
        }
        XYSeries series = chart.addSeries(name + (bandwidth.isPresent() ? bandwidthName : ""), x, y);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(colour);
    }

    private static double intensity(String problem) {
        ConvGeometry g = Problem.parse(problem).geometry();
        return g.flops() / (4.0 * ((double) g.inputLength() + g.weightLength() + g.outputLength()));
    }

    private static String count(int threads) {
        return threads == 1 ? "1 thread" : threads + " threads";
    }
}
