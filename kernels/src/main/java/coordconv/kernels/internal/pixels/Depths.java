package coordconv.kernels.internal.pixels;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How the runs of a patch are cut into pieces that are multiplied one after another, each with all tiles of a block, so that the
 * weights of a piece stay in the cache: the KC of a matrix product.
 *
 * @param pieces number of pieces
 * @param runsOfPiece runs of a piece, whole ones or one part of a run
 * @param length floats of such a run
 */
record Depths(int pieces, int runsOfPiece, int length) {
    /** Smaller parts than a fourth of a piece would load and store sums too often. */
    private static final int LEAST_PART = 4;

    /**
     * Cuts runs.
     *
     * @param runs number of runs
     * @param length floats of a run
     * @param most floats of a piece; a run that cannot be cut evenly into parts near to that stays whole
     */
    static Depths of(int runs, int length, int most) {
        if ((long) runs * length <= most) {
            return new Depths(1, runs, length);
        }
        int together = Math.clamp(most / length, 1, runs);
        while (runs % together != 0) {
            together--;
        }
        int parts = 1;
        while (length / parts > most || length % parts != 0) {
            parts++;
        }
        if (LEAST_PART * (length / parts) < most) {
            parts = 1;
        }
        return new Depths(runs / together * parts, together, length / parts);
    }

    /** {@return floats of a piece} */
    int floats() {
        return runsOfPiece * length;
    }

    /** {@return floats of the runs of a piece, as {@link #cut} lists them} */
    int[] lengths(int longest) {
        return IntStream.range(0, runsOfPiece).flatMap(run -> parts(longest).map(k -> Math.min(longest, length - k))).toArray();
    }

    /** Where the parts of a run begin that a kernel takes as runs. */
    private IntStream parts(int longest) {
        return IntStream.iterate(0, k -> k < length, k -> k + longest);
    }

    /**
     * {@return for each piece the offsets of its runs}
     *
     * @param runAt offsets of the runs of a patch
     * @param longest floats that a kernel takes as one run
     */
    int[][] cut(int[] runAt, int longest) {
        int parts = pieces * runsOfPiece / runAt.length;
        int[][] cut = new int[pieces][];
        for (int piece = 0; piece < pieces; piece++) {
            int first = piece / parts * runsOfPiece;
            int part = piece % parts * length;
            cut[piece] = Arrays.stream(runAt, first, first + runsOfPiece)
                    .flatMap(at -> parts(longest).map(k -> at + part + k)).toArray();
        }
        return cut;
    }
}
