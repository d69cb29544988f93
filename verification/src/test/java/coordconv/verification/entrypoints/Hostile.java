package coordconv.verification.entrypoints;

import coordconv.kernels.FloatRegion;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Arguments that somebody may hand over by mistake or in ill will, by type. */
final class Hostile {
    private static final int[] INTS = {0, -1, 1, 2, 7, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE - 1};

    private Hostile() {}

    /** All hostile values of a type. */
    static List<Object> of(Class<?> type, Path folder) {
        List<Object> values = new ArrayList<>();
        if (!type.isPrimitive()) {
            values.add(null);
        }
        if (type == int.class) {
            for (int i : INTS) {
                values.add(i);
            }
        } else if (type == long.class) {
            for (int i : INTS) {
                values.add((long) i);
            }
            values.addAll(List.of(Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, (1L << 33) + 1));
        } else if (type == double.class) {
            values.addAll(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1.0, 0.0, -0.0,
                    1.0, Double.MAX_VALUE, Double.MIN_VALUE));
        } else if (type == float.class) {
            values.addAll(List.of(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -1f, 0f, Float.MAX_VALUE));
        } else if (type == boolean.class) {
            values.addAll(List.of(true, false));
        } else if (type.isEnum()) {
            values.addAll(Arrays.asList(type.getEnumConstants()));
        } else {
            references(type, values, folder);
        }
        return values;
    }

    private static void references(Class<?> type, List<Object> values, Path folder) {
        if (type == String.class) {
            values.addAll(List.of("", " ", "..", "a/../../b", "\0", "\ud800", "x".repeat(100_000), "%s%n"));
        } else if (type == int[].class) {
            values.addAll(List.of(new int[0], new int[] {-1}, new int[] {0}, new int[] {1 << 16, 1 << 16},
                    new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, 4}, new int[40]));
        } else if (type == double[].class) {
            values.addAll(List.of(new double[0], new double[] {Double.NaN}, new double[7]));
        } else if (type == float[].class) {
            values.addAll(List.of(new float[0], new float[1], new float[] {Float.NaN}));
        } else if (type == List.class) {
            values.addAll(List.of(List.of(), Collections.singletonList(null)));
        } else if (type == Map.class) {
            Map<Object, Object> withNull = new HashMap<>();
            withNull.put(null, null);
            values.addAll(List.of(Map.of(), withNull));
        } else if (type == Path.class) {
            // Inside the scratch folder, or folders, which nobody can overwrite: what is written to must be ours to lose.
            values.addAll(List.of(folder, folder.getRoot(), Path.of(""), folder.resolve("none").resolve("w.npz"),
                    folder.resolve("w.txt"), socket(folder.resolve("socket.npz"))));
        } else if (type == Shape.class) {
            values.addAll(List.of(Shape.of(), Shape.of(1), Shape.of(1, 1, 1, 1), Shape.of(2, 3, 5, 6, 7)));
        } else if (type == Tensor.class) {
            values.addAll(List.of(Tensor.zeros(Shape.of()), Tensor.zeros(Shape.of(1)), Tensor.zeros(Shape.of(9, 9, 9, 9))));
        } else if (type == FloatRegion.class) {
            regions(values);
        } else if (type == MemorySegment.class) {
            values.addAll(List.of(MemorySegment.NULL, MemorySegment.ofArray(new byte[7]), MemorySegment.ofArray(new long[3]),
                    MemorySegment.ofArray(new float[9]).asSlice(2, 16), closed(), confinedElsewhere()));
        } else if (type == FloatBuffer.class) {
            values.addAll(List.of(FloatBuffer.allocate(0), FloatBuffer.allocate(3).asReadOnlyBuffer(),
                    ByteBuffer.allocate(9).position(1).asFloatBuffer()));
        } else if (type.isArray()) {
            values.add(java.lang.reflect.Array.newInstance(type.getComponentType(), 0));
            values.add(java.lang.reflect.Array.newInstance(type.getComponentType(), 2));
        }
    }

    /** None of these can hold what any pass of the samples needs. */
    private static void regions(List<Object> values) {
        values.addAll(List.of(FloatRegion.of(new float[0]), FloatRegion.of(new float[2]),
                FloatRegion.of(FloatBuffer.allocate(2).asReadOnlyBuffer()),
                FloatRegion.of(ByteBuffer.allocateDirect(8).asFloatBuffer()),
                FloatRegion.of(closed()), FloatRegion.of(confinedElsewhere())));
    }

    /** A file that is none to be read or replaced. */
    private static Path socket(Path place) {
        if (!Files.exists(place)) {
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(place));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return place;
    }

    static MemorySegment closed() {
        try (Arena arena = Arena.ofShared()) {
            return arena.allocate(1 << 16);
        }
    }

    /** A segment that only another thread may touch. */
    static MemorySegment confinedElsewhere() {
        MemorySegment[] made = new MemorySegment[1];
        Thread owner = Thread.ofPlatform().start(() -> made[0] = Arena.ofConfined().allocate(1 << 16));
        try {
            owner.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return made[0];
    }
}
