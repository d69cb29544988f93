package coordconv.jmh.scaling;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import java.util.Arrays;

/** A size that is varied while all others stay, with the expected slope of time against it in a log-log plot. */
public enum ScalingAxis {
    /** Images: work grows in proportion. */
    N(1, 1, 2, 4, 8, 16, 32),
    /** Input channels: in proportion, but for the two coordinate channels and the output's own cost. */
    C(1, 8, 16, 32, 64, 128, 256),
    /** Height and width together: work grows as their square. */
    H(2, 8, 16, 32, 64, 128),
    /** Threads: time falls in inverse proportion. */
    THREADS(-1, 1, 2, 4, 8);

    private static final int BATCH = 4;
    private static final int CHANNELS = 64;
    private static final int SIDE = 28;

    private final double slope;
    private final int[] values;

    ScalingAxis(double slope, int... values) {
        this.slope = slope;
        this.values = values;
    }

    /** {@return the exponent that time should follow} */
    public double slope() {
        return slope;
    }

    /**
     * The points to measure.
     *
     * @param processors threads beyond these would only wait
     * @return increasing
     */
    public int[] values(int processors) {
        return this == THREADS ? Arrays.stream(values).filter(v -> v <= processors).toArray() : values.clone();
    }

    /**
     * The problem at a point: a 3x3 CoordConv from and to 64 channels on 28x28, four images.
     *
     * @param value of this axis
     * @return its geometry
     */
    public ConvGeometry geometry(int value) {
        int side = this == H ? value : SIDE;
        return ConvGeometry.builder()
                .input(this == N ? value : BATCH, this == C ? value : CHANNELS, side, side)
                .outChannels(CHANNELS).kernel(3, 3).padding(1).coords(CoordPreset.PADDLE).build();
    }

    /**
     * Threads at a point.
     *
     * @param value of this axis
     * @param otherwise for the other axes
     * @return number of threads
     */
    public int threads(int value, int otherwise) {
        return this == THREADS ? value : otherwise;
    }
}
