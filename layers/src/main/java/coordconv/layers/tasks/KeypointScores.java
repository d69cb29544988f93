package coordconv.layers.tasks;

/**
 * How well joints are found.
 *
 * @param errorPx mean distance in pixels over all joints
 * @param occludedErrorPx the same over those that are occluded; NaN where none is
 * @param visibleErrorPx the same over the others; NaN where there are none
 * @param within3Px share of the joints that are found within 3 pixels: PCK, the percentage of correct keypoints, with a
 *     threshold in pixels (Yang and Ramanan, "Articulated human detection with flexible mixtures of parts", 2013)
 */
public record KeypointScores(double errorPx, double occludedErrorPx, double visibleErrorPx, double within3Px) {
    private static final double NEAR = 3;

    /** Adds up distances. */
    static final class Sum {
        private final double[] distances = new double[2];
        private final int[] joints = new int[2];
        private int near;

        void add(Figure.Place truth, double x, double y) {
            double distance = Math.hypot(x - truth.x(), y - truth.y());
            int kind = truth.occluded() ? 1 : 0;
            distances[kind] += distance;
            joints[kind]++;
            near += distance <= NEAR ? 1 : 0;
        }

        KeypointScores mean() {
            int all = joints[0] + joints[1];
            return new KeypointScores((distances[0] + distances[1]) / all, distances[1] / joints[1], distances[0] / joints[0],
                    (double) near / all);
        }
    }
}
