package coordconv.jmh.engines;

/** Moves channels between NCHW and NHWC, outside every timing. */
final class ChannelsLast {
    private ChannelsLast() {}

    /** [n, channels, plane] to [n, plane, channels]. */
    static float[] of(float[] values, int n, int channels, int plane) {
        float[] moved = new float[values.length];
        for (int image = 0; image < n; image++) {
            int base = image * channels * plane;
            for (int c = 0; c < channels; c++) {
                for (int p = 0; p < plane; p++) {
                    moved[base + p * channels + c] = values[base + c * plane + p];
                }
            }
        }
        return moved;
    }

    /** [n, plane, channels] to [n, channels, plane]. */
    static float[] toFirst(float[] values, int n, int channels, int plane) {
        return of(values, n, plane, channels);
    }

    /** [outer, inner, run] to [inner, outer, run]. */
    static float[] swapOuter(float[] values, int outer, int inner, int run) {
        float[] moved = new float[values.length];
        for (int a = 0; a < outer; a++) {
            for (int b = 0; b < inner; b++) {
                System.arraycopy(values, (a * inner + b) * run, moved, (b * outer + a) * run, run);
            }
        }
        return moved;
    }
}
