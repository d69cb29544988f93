package coordconv.kernels.internal.pixels;

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
        int parts = parts(longest);
        int[] lengths = new int[runsOfPiece * parts];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = Math.min(longest, length - i % parts * longest);
        }
        return lengths;
    }

    /** Parts of a run that a kernel takes as runs. */
    private int parts(int longest) {
        return (length + longest - 1) / longest;
    }

    /**
     * {@return for each piece the offsets of its runs}
     *
     * @param runAt offsets of the runs of a patch
     * @param longest floats that a kernel takes as one run
     */
    int[][] cut(int[] runAt, int longest) {
        int piecesOfRuns = pieces * runsOfPiece / runAt.length;
        int parts = parts(longest);
        int[][] cut = new int[pieces][runsOfPiece * parts];
        for (int piece = 0; piece < pieces; piece++) {
            int first = piece / piecesOfRuns * runsOfPiece;
            int start = piece % piecesOfRuns * length;
            for (int i = 0; i < cut[piece].length; i++) {
                cut[piece][i] = runAt[first + i / parts] + start + i % parts * longest;
            }
        }
        return cut;
    }
}
