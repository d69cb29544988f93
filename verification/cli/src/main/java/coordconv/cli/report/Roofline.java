package coordconv.cli.report;

/**
 * The roofline of one machine: attainable GFLOP/s over arithmetic intensity, both logarithmic, with the
 * measured kernels as points under it.
 *
 * <p>{@code attainable = min(peak, bandwidth * intensity)}. Source: Williams, Waterman and Patterson,
 * "Roofline: an insightful visual performance model for multicore architectures", 2009.
 */
public final class Roofline {
    /** Where the names stand, as shares of the rate: neighbours use both. */
    private static final double BELOW = 0.8;
    private static final double FAR_BELOW = 0.62;
    private static final double NEAR = 2;
    /** Space above the roof. */
    private static final double ROOM = 2;

    private final double peak;
    private final double bandwidth;
    private final double[] intensities;
    private final double[] rates;
    private final String[] names;

    /**
     * The machine and what ran on it.
     *
     * @param peakGflops ceiling of the arithmetic, in GFLOP/s, above 0
     * @param bandwidthGbs ceiling of the memory, in GB/s, above 0
     * @param names of the kernels, one each
     * @param intensities FLOP per byte of memory traffic
     * @param gflops measured rates
     * @throws IllegalArgumentException if a ceiling is not above 0 or the arrays differ in length
     */
    public Roofline(double peakGflops, double bandwidthGbs, String[] names, double[] intensities, double[] gflops) {
        if (!(peakGflops > 0 && bandwidthGbs > 0 && Double.isFinite(peakGflops + bandwidthGbs))) {
            throw new IllegalArgumentException("ceilings: given " + peakGflops + " GFLOP/s and " + bandwidthGbs
                    + " GB/s, needed finite ones above 0");
        }
        if (names.length != intensities.length || names.length != gflops.length) {
            throw new IllegalArgumentException("kernels: given " + names.length + " names, " + intensities.length
                    + " intensities and " + gflops.length + " rates, needed as many of each");
        }
        peak = peakGflops;
        bandwidth = bandwidthGbs;
        this.names = names.clone();
        this.intensities = intensities.clone();
        rates = gflops.clone();
    }

    /** {@return the chart} */
    public XyChart chart() {
        double ridge = peak / bandwidth;
        double left = ridge / 10;
        double right = ridge * 10;
        for (double intensity : intensities) {
            if (intensity > 0 && Double.isFinite(intensity)) {
                left = Math.min(left, intensity / 2);
                right = Math.max(right, intensity * 2);
            }
        }
        XyChart chart = XyChart.of(Axis.of("arithmetic intensity, FLOP/byte").log().range(left, right),
                 Axis.of("GFLOP/s").log().range(floor(left * bandwidth), ROOM * peak));
        chart.reference("roof: " + ChartStyle.number(bandwidth) + " GB/s, then " + ChartStyle.number(peak) + " GFLOP/s",
                new double[] {left, ridge, right}, new double[] {left * bandwidth, peak, peak});
        chart.points("measured", intensities, rates);
        for (int i = 0; i < names.length; i++) {
            chart.note(names[i], intensities[i], rates[i] * (isNearAnEarlierOne(i) ? FAR_BELOW : BELOW));
        }
        return chart;
    }

    /** The decade below everything that is drawn. */
    private double floor(double roof) {
        double least = roof;
        for (double rate : rates) {
            least = rate > 0 ? Math.min(least, rate) : least;
        }
        return Math.pow(10, Math.floor(Math.log10(least)));
    }

    private boolean isNearAnEarlierOne(int index) {
        for (int i = 0; i < index; i++) {
            double across = Math.abs(Math.log(intensities[i] / intensities[index]));
            double up = Math.abs(Math.log(rates[i] / rates[index]));
            if (across < Math.log(NEAR) && up < Math.log(NEAR)) {
                return true;
            }
        }
        return false;
    }
}
