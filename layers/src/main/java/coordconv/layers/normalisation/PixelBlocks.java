package coordconv.layers.normalisation;

import coordconv.kernels.Parallelism;
import coordconv.layers.Shape;
import coordconv.layers.internal.Ranges;

/**
 * A loop over the pixels of [N, C, ...] for work that goes through all channels of a pixel, a block of pixels at a
 * time, which the threads share.
 */
final class PixelBlocks {
    /** Scratch of a few doubles for each pixel of a block stays in the first cache. */
    static final int MOST = 512;

    private final int channels;
    private final int pixels;
    private final int blocks;
    private final Ranges ranges;

    /** What is done to a block. */
    @FunctionalInterface
    interface Body {
        /**
         * Works on some pixels of an image.
         *
         * @param part which part of the work it is, for scratch of its own
         * @param start index of the first pixel in the first channel; that of the next channel lies a plane further
         * @param width how many pixels, at most {@link #MOST}
         */
        void run(int part, int start, int width);
    }

    PixelBlocks(Parallelism parallelism, Shape input, Body body) {
        channels = input.extent(1);
        pixels = input.elements(2, input.rank());
        blocks = Math.ceilDiv(pixels, MOST);
        long each = (long) channels * Math.min(pixels, MOST);
        ranges = new Ranges(parallelism, input.batch() * blocks, 3 * each, (part, from, to) -> {
            for (int item = from; item < to; item++) {
                int first = item % blocks * MOST;
                body.run(part, item / blocks * channels * pixels + first, Math.min(MOST, pixels - first));
            }
        });
    }

    /** Distance of two channels of a pixel. */
    int plane() {
        return pixels;
    }

    int parts() {
        return ranges.parts();
    }

    void run() {
        ranges.run();
    }
}
