package coordconv.layers.pooling;

/** The windows along one axis: each has places inside the image from {@code first}, {@code step} apart. */
final class Windows {
    final int[] first;
    /** How many places lie inside the image, at least 1. */
    final int[] inside;
    /** How many lie inside the image or its padding. */
    final int[] places;
    final int step;

    private Windows(int count, int step) {
        first = new int[count];
        inside = new int[count];
        places = new int[count];
        this.step = step;
    }

    static int extent(int kernel, int dilation) {
        // Saturated, so that a huge kernel is refused as one that does not fit.
        return (int) Math.min((kernel - 1L) * dilation + 1, Integer.MAX_VALUE);
    }

    /** How many windows there are, 0 where none fits. */
    static int count(int size, int kernel, int stride, int before, int after, int dilation, boolean ceil) {
        long room = (long) size + before + after - extent(kernel, dilation);
        if (room < 0) {
            return 0;
        }
        long count = (ceil ? Math.ceilDiv(room, stride) : room / stride) + 1;
        return (int) (ceil && (count - 1) * stride >= (long) size + before ? count - 1 : count);
    }

    /** The windows of a spec, or null where one has no place inside the image. */
    static Windows of(int size, int kernel, int stride, int before, int after, int dilation, boolean ceil) {
        Windows windows = new Windows(count(size, kernel, stride, before, after, dilation, ceil), dilation);
        for (int i = 0; i < windows.first.length; i++) {
            int start = i * stride - before;
            int skipped = start < 0 ? Math.ceilDiv(-start, dilation) : 0;
            windows.first[i] = start + skipped * dilation;
            windows.inside[i] = upTo(size, start, kernel, dilation) - skipped;
            windows.places[i] = upTo(size + after, start, kernel, dilation);
            if (windows.inside[i] < 1) {
                return null;
            }
        }
        return windows;
    }

    /** Places of a window before an end. */
    private static int upTo(int end, int start, int kernel, int dilation) {
        return Math.min(kernel, Math.max(0, Math.ceilDiv(end - start, dilation)));
    }

    /** As many windows as are wanted, which cover the axis and overlap where they have to. */
    static Windows adaptive(int size, int count) {
        Windows windows = new Windows(count, 1);
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) i * size / count);
            int to = (int) Math.ceilDiv((i + 1L) * size, count);
            windows.first[i] = from;
            windows.inside[i] = to - from;
            windows.places[i] = to - from;
        }
        return windows;
    }

    int count() {
        return first.length;
    }
}
