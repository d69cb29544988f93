package coordconv.kernels.internal.algorithm;

import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.shape.Correlation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A kernel seen along the axis of a coordinate ramp. A line is the set of taps in one place across that axis; a class is
 * a run of outputs across the axis for which the same lines are inside the image: all of them, but near the border.
 */
final class KernelLines {
    private final boolean alongColumns;
    private final int outputs;
    private final int stride;
    private final int extent;
    private final int[] tap;
    private final int[] lineOfTap;
    private final int lines;
    private final int[] classOf;
    private final boolean[][] inside;

    /**
     * The kernel of a correlation.
     *
     * @param correlation its taps and sizes
     * @param alongColumns whether the ramp rises with the column index
     */
    KernelLines(Correlation correlation, boolean alongColumns) {
        Correlation.Grid grid = correlation.grid();
        this.alongColumns = alongColumns;
        outputs = alongColumns ? grid.width() : grid.height();
        stride = alongColumns ? grid.strideW() : grid.strideH();
        extent = alongColumns ? correlation.input().width() : correlation.input().height();
        tap = alongColumns ? grid.tapColumn() : grid.tapRow();
        int[] tapAcross = alongColumns ? grid.tapRow() : grid.tapColumn();
        int[] distinct = Arrays.stream(tapAcross).distinct().sorted().toArray();
        lines = distinct.length;
        lineOfTap = Arrays.stream(tapAcross).map(t -> Arrays.binarySearch(distinct, t)).toArray();
        classOf = new int[alongColumns ? grid.height() : grid.width()];
        int strideAcross = alongColumns ? grid.strideH() : grid.strideW();
        int extentAcross = alongColumns ? correlation.input().height() : correlation.input().width();
        List<boolean[]> classes = new ArrayList<>();
        for (int i = 0; i < classOf.length; i++) {
            boolean[] in = new boolean[lines];
            for (int line = 0; line < lines; line++) {
                int place = i * strideAcross + distinct[line];
                in[line] = place >= 0 && place < extentAcross;
            }
            if (classes.isEmpty() || !Arrays.equals(classes.getLast(), in)) {
                classes.add(in);
            }
            classOf[i] = classes.size() - 1;
        }
        inside = classes.toArray(boolean[][]::new);
    }

    /** {@return outputs along the axis} */
    int outputs() {
        return outputs;
    }

    /** {@return number of lines} */
    int lines() {
        return lines;
    }

    /** {@return number of classes} */
    int classes() {
        return inside.length;
    }

    /** {@return the class of an output across the axis} */
    int classOf(int across) {
        return classOf[across];
    }

    /** {@return the line that a tap belongs to} */
    int lineOf(int t) {
        return lineOfTap[t];
    }

    /** {@return 1 where a line is inside the image for outputs of a class, else 0} */
    double factor(int cls, int line) {
        return inside[cls][line] ? 1 : 0;
    }

    /**
     * The coordinates that the taps see, rounded to float as those of a concatenated channel are; 0 outside the image.
     *
     * @param coords coordinate channels
     * @param coord a ramp along this axis
     * @param image image of the batch
     * @return for each tap, one for each output along the axis
     */
    double[][] coordinates(Coords coords, int coord, int image) {
        double[][] seen = new double[tap.length][outputs];
        for (int t = 0; t < tap.length; t++) {
            for (int i = 0; i < outputs; i++) {
                seen[t][i] = coordinate(coords, coord, image, t, i);
            }
        }
        return seen;
    }

    private double coordinate(Coords coords, int coord, int image, int t, int output) {
        int place = output * stride + tap[t];
        if (place < 0 || place >= extent) {
            return 0;
        }
        return (float) (alongColumns ? coords.value(coord, image, 0, place) : coords.value(coord, image, place, 0));
    }
}
