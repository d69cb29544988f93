package coordconv.verification.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import coordconv.verification.problem.Inputs;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every wrong region is refused by name before a byte is written. */
class BadInputTest {
    private static final ConvGeometry G = ConvGeometry.builder().input(2, 3, 5, 6).outChannels(4).kernel(3, 3)
            .padding(1).build();
    private static final Conv2dPlan PLAN = Conv2dPlan.of(G, PlanOptions.DEFAULTS.withWidth(VectorWidth.SCALAR));
    private static final float[] X = Inputs.uniform(1, G.inputLength());
    private static final float[] W = Inputs.uniform(2, G.weightLength());
    private static final float[] DY = Inputs.uniform(3, G.outputLength());
    private static final PackedWeights PACKED = PLAN.pack(FloatRegion.of(W), null);
    private static final PackedGradientWeights PACKED_FOR_GRADIENT = PLAN.packForInputGradient(FloatRegion.of(W));

    /** A call with one region left open: the argument's name, the floats it needs, and the call. */
    private record Open(String call, String argument, int needed, boolean written, Call with) {
        @Override
        public String toString() {
            return call + " " + argument;
        }
    }

    private interface Call {
        void run(FloatRegion region);
    }

    private static Open in(String call, String argument, int needed, Call with) {
        return new Open(call, argument, needed, false, with);
    }

    private static Open out(String call, String argument, int needed, Call with) {
        return new Open(call, argument, needed, true, with);
    }

    static Stream<Open> arguments() {
        FloatRegion x = FloatRegion.of(X);
        FloatRegion w = FloatRegion.of(W);
        FloatRegion dy = FloatRegion.of(DY);
        return Stream.of(
                in("forward", "x", G.inputLength(), r -> PLAN.forward(r, PACKED, fresh(G.outputLength()))),
                out("forward", "y", G.outputLength(), r -> PLAN.forward(x, PACKED, r)),
                in("pack", "weights", G.weightLength(), r -> PLAN.pack(r, null)),
                in("pack", "bias", G.outChannels(), r -> PLAN.pack(w, r)),
                in("repack", "weights", G.weightLength(), r -> PLAN.repack(r, null, PLAN.pack(w, null))),
                in("packForInputGradient", "weights", G.weightLength(), PLAN::packForInputGradient),
                in("backwardInput", "dy", G.outputLength(),
                        r -> PLAN.backwardInput(r, PACKED_FOR_GRADIENT, fresh(G.inputLength()))),
                out("backwardInput", "dx", G.inputLength(), r -> PLAN.backwardInput(dy, PACKED_FOR_GRADIENT, r)),
                in("backwardWeights", "x", G.inputLength(), r -> PLAN.backwardWeights(r, dy, fresh(G.weightLength()))),
                in("backwardWeights", "dy", G.outputLength(), r -> PLAN.backwardWeights(x, r, fresh(G.weightLength()))),
                out("backwardWeights", "dw", G.weightLength(), r -> PLAN.backwardWeights(x, dy, r)),
                in("backwardBias", "dy", G.outputLength(), r -> PLAN.backwardBias(r, fresh(G.outChannels()))),
                out("backwardBias", "db", G.outChannels(), r -> PLAN.backwardBias(dy, r)));
    }

    private static FloatRegion fresh(int length) {
        return FloatRegion.of(new float[length]);
    }

    static Stream<Open> outputs() {
        return arguments().filter(Open::written);
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void aShortRegionIsRefusedAndLeftAlone(Open open) {
        float[] shortOne = Inputs.uniform(9, open.needed() - 1);
        float[] before = shortOne.clone();
        refused(open, () -> open.with().run(FloatRegion.of(shortOne)),
                (open.needed() - 1) + " floats", "at least " + open.needed());
        assertArrayEquals(before, shortOne);
        refused(open, () -> open.with().run(FloatRegion.of(new float[open.needed()], 1)), "at least " + open.needed());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void nullIsRefusedByName(Open open) {
        if (!open.argument().equals("bias")) {
            Exception e = assertThrows(NullPointerException.class, () -> open.with().run(null));
            assertTrue(e.getMessage() != null && e.getMessage().contains(open.argument()), "message: " + e.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void aClosedSegmentIsRefused(Open open) {
        FloatRegion closed;
        try (Arena arena = Arena.ofConfined()) {
            closed = FloatRegion.of(arena.allocate(open.needed() * 4L));
        }
        refused(open, () -> open.with().run(closed), "closed segment");
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void aSegmentOfAnotherThreadIsRefused(Open open) throws InterruptedException {
        try (Arena arena = Arena.ofConfined()) {
            FloatRegion confined = FloatRegion.of(arena.allocate(open.needed() * 4L));
            Throwable[] thrown = new Throwable[1];
            Thread other = new Thread(() -> {
                try {
                    open.with().run(confined);
                } catch (Throwable e) {
                    thrown[0] = e;
                }
            });
            other.start();
            other.join();
            refused(open, () -> {
                throw thrown[0] == null ? new AssertionError("nothing thrown") : thrown[0];
            }, "another thread");
        }
    }

    @Test
    void aConfinedSegmentIsRefusedWhereSeveralThreadsWouldReadIt() {
        try (Arena arena = Arena.ofConfined()) {
            FloatRegion confined = FloatRegion.of(arena.allocate(G.inputLength() * 4L));
            float[] y = Inputs.unwritten(G.outputLength());
            Parallelism two = Parallelism.of(Runnable::run, 2);
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                    () -> PLAN.forward(confined, PACKED, FloatRegion.of(y), two));
            assertTrue(e.getMessage().startsWith("x: given "), e.getMessage());
            assertArrayEquals(Inputs.unwritten(G.outputLength()), y);
        }
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void aReadOnlyOutputIsRefusedAndLeftAlone(Open open) {
        float[] array = Inputs.uniform(9, open.needed());
        float[] before = array.clone();
        FloatRegion[] readOnly = {
            FloatRegion.of(FloatBuffer.wrap(array).asReadOnlyBuffer()),
            FloatRegion.of(MemorySegment.ofArray(array).asReadOnly()),
            FloatRegion.of(ByteBuffer.allocateDirect(open.needed() * 4).asReadOnlyBuffer().asFloatBuffer())};
        for (FloatRegion region : readOnly) {
            refused(open, () -> open.with().run(region), "read-only", "writable");
        }
        assertArrayEquals(before, array);
    }

    @Test
    void anOutputOverItsInputIsRefused() {
        FloatRegion w = FloatRegion.of(W);
        overlapping("y", "x", G.inputLength(), G.outputLength(), (x, y) -> PLAN.forward(x, PACKED, y));
        overlapping("dx", "dy", G.outputLength(), G.inputLength(),
                (dy, dx) -> PLAN.backwardInput(dy, PACKED_FOR_GRADIENT, dx));
        overlapping("dw", "x", G.inputLength(), G.weightLength(),
                (x, dw) -> PLAN.backwardWeights(x, FloatRegion.of(DY), dw));
        overlapping("dw", "dy", G.outputLength(), G.weightLength(),
                (dy, dw) -> PLAN.backwardWeights(FloatRegion.of(X), dy, dw));
        overlapping("db", "dy", G.outputLength(), G.outChannels(), PLAN::backwardBias);
    }

    private interface Pair {
        void run(FloatRegion input, FloatRegion output);
    }

    private static void overlapping(String output, String input, int inputLength, int outputLength, Pair call) {
        int length = inputLength + outputLength;
        // The output's first float on the input's last, and the other way round.
        int[][] offsets = {{0, inputLength - 1}, {outputLength - 1, 0}, {0, 0}};
        for (int[] at : offsets) {
            float[] array = Inputs.uniform(5, length);
            float[] before = array.clone();
            ByteBuffer bytes = ByteBuffer.allocateDirect(length * 4);
            MemorySegment segment = Arena.ofAuto().allocate(length * 4L);
            MemorySegment heap = MemorySegment.ofArray(array);
            FloatRegion[][] pairs = {
                {FloatRegion.of(array, at[0]), FloatRegion.of(array, at[1])},
                {FloatRegion.of(array, at[0]), FloatRegion.of(heap.asSlice(at[1] * 4L))},
                {FloatRegion.of(heap.asSlice(at[0] * 4L).asReadOnly()), FloatRegion.of(array, at[1])},
                {FloatRegion.of(FloatBuffer.wrap(array).position(at[0]).asReadOnlyBuffer()), FloatRegion.of(array, at[1])},
                {FloatRegion.of(FloatBuffer.wrap(array, at[0], inputLength)),
                    FloatRegion.of(FloatBuffer.wrap(array, at[1], outputLength))},
                {FloatRegion.of(bytes.asFloatBuffer().position(at[0])), FloatRegion.of(bytes.asFloatBuffer().position(at[1]))},
                {FloatRegion.of(segment.asSlice(at[0] * 4L)), FloatRegion.of(segment.asSlice(at[1] * 4L))}};
            for (FloatRegion[] pair : pairs) {
                IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                        () -> call.run(pair[0], pair[1]), () -> output + " over " + input + " at " + Arrays.toString(at));
                assertTrue(e.getMessage().startsWith(output + ": given ") && e.getMessage().contains("overlaps " + input),
                        e.getMessage());
                assertArrayEquals(before, array);
            }
        }
    }

    @Test
    void weightsPackedForAnotherPlanAreRefused() {
        ConvGeometry wider = G.toBuilder().outChannels(8).build();
        PackedWeights foreign = Conv2dPlan.of(wider).pack(FloatRegion.of(new float[wider.weightLength()]), null);
        float[] y = Inputs.unwritten(G.outputLength());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> PLAN.forward(FloatRegion.of(X), foreign, FloatRegion.of(y)));
        assertTrue(e.getMessage().contains(": given ") && e.getMessage().contains("needed "), e.getMessage());
        assertArrayEquals(Inputs.unwritten(G.outputLength()), y);
    }

    @Test
    void elementsOutsideARegionAreNeitherReadNorWritten() {
        float[] array = Inputs.uniform(3, 9);
        float[] before = array.clone();
        FloatRegion window = FloatRegion.of(FloatBuffer.wrap(array, 2, 4));
        FloatRegion segment = FloatRegion.of(MemorySegment.ofArray(new byte[16]));
        // The last two turn into a valid index where only their low 32 bits count.
        for (long index : new long[] {-1, 4, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32, (1L << 33) + 1}) {
            for (FloatRegion region : new FloatRegion[] {window, segment}) {
                assertThrows(IndexOutOfBoundsException.class, () -> region.get(index));
                assertThrows(IndexOutOfBoundsException.class, () -> region.set(index, 7));
            }
        }
        assertArrayEquals(before, array);
    }

    @Test
    void aSegmentOfHalfAFloatIsRefused() {
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> FloatRegion.of(MemorySegment.ofArray(new byte[6])));
        assertTrue(e.getMessage().matches("segment: given 6 bytes, needed a multiple of 4.*"), e.getMessage());
    }

    private static void refused(Open open, Executable call, String... parts) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call, open.toString());
        assertTrue(e.getMessage().startsWith(open.argument() + ": given "), open + ": " + e.getMessage());
        assertTrue(e.getMessage().contains(", needed "), open + ": " + e.getMessage());
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), open + ": " + e.getMessage());
        }
    }
}
