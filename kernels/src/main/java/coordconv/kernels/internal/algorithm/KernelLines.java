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
public final class KernelLines {
    private final boolean alongColumns;
    private final int outputs;
    private final int stride;
    private final int extent;
    /** Distinct places of taps along the axis, ascending. */
    private final int[] places;
    private final int[] placeOfTap;
    private final int[] lineOfTap;
    private final int lines;
    private final int[] classOf;
    private final int[] endOfClass;
    private final boolean[][] inside;

    /**
     * The kernel of a correlation.
     *
     * @param correlation its taps and sizes
     * @param alongColumns whether the ramp rises with the column index
     */
    public KernelLines(Correlation correlation, boolean alongColumns) {
        Correlation.Grid grid = correlation.grid();
        this.alongColumns = alongColumns;
        outputs = alongColumns ? grid.width() : grid.height();
        stride = alongColumns ? grid.strideW() : grid.strideH();
        extent = alongColumns ? correlation.input().width() : correlation.input().height();
        int[] tapAlong = alongColumns ? grid.tapColumn() : grid.tapRow();
        places = distinct(tapAlong);
        placeOfTap = indices(tapAlong, places);
        int[] tapAcross = alongColumns ? grid.tapRow() : grid.tapColumn();
        int[] distinct = distinct(tapAcross);
        lines = distinct.length;
        lineOfTap = indices(tapAcross, distinct);
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
        inside = classes.toArray(new boolean[0][]);
        endOfClass = new int[inside.length];
        for (int i = 0; i < classOf.length; i++) {
            endOfClass[classOf[i]] = i + 1;
        }
    }

    /** {@return what there is among some numbers, ascending} */
    public static int[] distinct(int[] numbers) {
        int[] ascending = new int[numbers.length];
        int count = 0;
        for (int number : numbers) {
            int at = Arrays.binarySearch(ascending, 0, count, number);
            if (at < 0) {
                int place = -at - 1;
                System.arraycopy(ascending, place, ascending, place + 1, count - place);
                ascending[place] = number;
                count++;
            }
        }
        return Arrays.copyOf(ascending, count);
    }

    private static int[] indices(int[] numbers, int[] ascending) {
        int[] indices = new int[numbers.length];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = Arrays.binarySearch(ascending, numbers[i]);
        }
        return indices;
    }

    /** {@return outputs along the axis} */
    public int outputs() {
        return outputs;
    }

    /** {@return number of lines} */
    public int lines() {
        return lines;
    }

    /** {@return number of classes} */
    public int classes() {
        return inside.length;
    }

    /** {@return the class of an output across the axis} */
    public int classOf(int across) {
        return classOf[across];
    }

    /** {@return the first output across the axis behind those of the class that an output belongs to} */
    public int endOfClass(int across) {
        return endOfClass[classOf[across]];
    }

    /** {@return the line that a tap belongs to} */
    public int lineOf(int t) {
        return lineOfTap[t];
    }

    /** {@return number of places that taps have along the axis} */
    public int places() {
        return places.length;
    }

    /** {@return the place of a tap along the axis} */
    public int placeOf(int t) {
        return placeOfTap[t];
    }

    /** {@return whether a line is inside the image for outputs of a class} */
    public boolean isInside(int cls, int line) {
        return inside[cls][line];
    }

    /**
     * The coordinates that the taps see, rounded to float as those of a concatenated channel are; 0 outside the image.
     *
     * @param coords coordinate channels
     * @param coord a ramp along this axis
     * @param image image of the batch
     * @return for each place of taps, one for each output along the axis
     */
    public float[][] coordinates(Coords coords, int coord, int image) {
        float[][] seen = new float[places.length][outputs];
        for (int place = 0; place < places.length; place++) {
            for (int i = 0; i < outputs; i++) {
                seen[place][i] = coordinate(coords, coord, image, i * stride + places[place]);
            }
        }
        return seen;
    }

    private float coordinate(Coords coords, int coord, int image, int at) {
        if (at < 0 || at >= extent) {
            return 0;
        }
        return (float) (alongColumns ? coords.value(coord, image, 0, at) : coords.value(coord, image, at, 0));
    }
}
