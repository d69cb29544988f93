package coordconv.kernels.internal.conv;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import java.util.Arrays;

/** Generates runs of coordinate values, equal to {@link CoordChannels#value} to the last bit. */
final class CoordRows {
    private final Line[] first;
    private final Line[] second;
    private final double[] scale;

    CoordRows(CoordChannels coords) {
        int count = coords.count();
        first = new Line[count];
        second = new Line[count];
        scale = new double[count];
        for (int c = 0; c < count; c++) {
            Channel channel = coords.channels().get(c);
            if (channel instanceof Ramp ramp) {
                first[c] = Line.of(ramp);
            } else if (channel instanceof Radius radius) {
                first[c] = Line.of(radius.first());
                second[c] = Line.of(radius.second());
                scale[c] = radius.scale();
            }
        }
    }

    /**
     * A ramp with its arrays at hand: the record's accessors copy.
     *
     * @param alongRow whether it rises with the column index
     * @param start per image, or one for all
     * @param step likewise
     */
    private record Line(boolean alongRow, double[] start, double[] step) {
        static Line of(Ramp ramp) {
            return new Line(ramp.axis() == Axis.COLUMN, ramp.start(), ramp.step());
        }

        boolean isShared() {
            return start.length == 1 && step.length == 1;
        }

        double startOf(int image) {
            return start[start.length == 1 ? 0 : image];
        }

        double stepOf(int image) {
            return step[step.length == 1 ? 0 : image];
        }
    }

    /** {@return whether all rows of all images hold the same values} */
    boolean isSameInAllRows(int coord) {
        Line line = first[coord];
        return second[coord] == null && line.alongRow && line.isShared();
    }

    /** {@return whether all images hold the same values} */
    boolean isSameInAllImages(int coord) {
        return first[coord].isShared() && (second[coord] == null || second[coord].isShared());
    }

    /**
     * Writes {@code count} values of one image row.
     *
     * @param coord coordinate channel
     * @param image image
     * @param row row of the image
     * @param column column of the first value
     * @param stride columns from one value to the next
     * @param count number of values
     * @param dst destination
     * @param at offset of the first value
     */
    void fill(int coord, int image, int row, int column, int stride, int count, float[] dst, int at) {
        Line line = first[coord];
        if (second[coord] != null) {
            radius(line, second[coord], scale[coord], image, row, column, stride, count, dst, at);
        } else if (line.alongRow) {
            ramp(line.startOf(image), line.stepOf(image), column, stride, count, dst, at);
        } else {
            Arrays.fill(dst, at, at + count, (float) (line.startOf(image) + line.stepOf(image) * row));
        }
    }

    private static void ramp(double start, double step, int column, int stride, int count, float[] dst, int at) {
        for (int v = 0; v < count; v++) {
            dst[at + v] = (float) (start + step * (column + v * stride));
        }
    }

    private static void radius(Line a, Line b, double scale, int image, int row, int column, int stride, int count,
                               float[] dst, int at) {
        for (int v = 0; v < count; v++) {
            int x = column + v * stride;
            double p = a.startOf(image) + a.stepOf(image) * (a.alongRow ? x : row);
            double q = b.startOf(image) + b.stepOf(image) * (b.alongRow ? x : row);
            dst[at + v] = (float) (scale * Math.sqrt(p * p + q * q));
        }
    }
}
