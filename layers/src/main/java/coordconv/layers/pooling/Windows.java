package coordconv.layers.pooling;

/** The windows along one axis: each has places inside the image from {@code first} on, {@code step} apart. */
final class Windows {
    final int count;
    final int step;
    private final int size;
    private final int kernel;
    private final int stride;
    private final int before;
    private final int after;
    /** Tables, made by {@link #tabulate} alone: an input may be refused before so much memory is taken. */
    int[] first;
    /** How many places lie inside the image. */
    int[] inside;
    /** How many lie inside the image or its padding. */
    int[] places;

    private Windows(int count, int step, int size, int kernel, int stride, int before, int after) {
        this.count = count;
        this.step = step;
        this.size = size;
        this.kernel = kernel;
        this.stride = stride;
        this.before = before;
        this.after = after;
    }

    static int extent(int kernel, int dilation) {
        // Saturated, so that a huge kernel is refused as one that does not fit.
        return (int) Math.min((kernel - 1L) * dilation + 1, Integer.MAX_VALUE);
    }

    /** The windows that fit, none if some would see nothing of the image. */
    static Windows of(int size, int kernel, int stride, int before, int after, int dilation, boolean ceil) {
        long room = (long) size + before + after - extent(kernel, dilation);
        long count = room < 0 ? 0 : (ceil ? Math.ceilDiv(room, stride) : room / stride) + 1;
        if (ceil) {
            count = Math.min(count, Math.ceilDiv((long) size + before, stride));
        }
        Windows windows = new Windows((int) Math.min(count, Integer.MAX_VALUE), dilation, size, kernel, stride, before, after);
        for (int i = 0; i < windows.count; i++) {
            if (windows.insideOf(i) < 1) {
                return new Windows(0, dilation, size, kernel, stride, before, after);
            }
        }
        return windows;
    }

    /** As many windows as are wanted, which cover the axis and overlap where they have to. */
    static Windows adaptive(int size, int count) {
        return new Windows(count, 1, size, 0, 0, 0, 0);
    }

    Windows tabulate() {
        first = new int[count];
        inside = new int[count];
        places = new int[count];
        for (int i = 0; i < count; i++) {
            if (kernel == 0) {
                first[i] = (int) ((long) i * size / count);
                inside[i] = (int) Math.ceilDiv((i + 1L) * size, count) - first[i];
                places[i] = inside[i];
            } else {
                first[i] = (int) (start(i) + (long) skipped(i) * step);
                inside[i] = insideOf(i);
                places[i] = upTo((long) size + after, i);
            }
        }
        return this;
    }

    private long start(int i) {
        return (long) i * stride - before;
    }

    /** Places before the image. */
    private int skipped(int i) {
        return upTo(0, i);
    }

    private int insideOf(int i) {
        return upTo(size, i) - skipped(i);
    }

    /** Places of window i before an end. */
    private int upTo(long end, int i) {
        return (int) Math.min(kernel, Math.max(0, Math.ceilDiv(end - start(i), (long) step)));
    }
}
