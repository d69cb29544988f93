package coordconv.verification.entrypoints;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.Tensor;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every public method and constructor with arguments: a sound call works; with one argument turned
 * hostile it works or refuses in the documented form, within bounds on memory and time, and leaves
 * what it was given as it was.
 */
class EntryPointFuzzTest {
    private static final long MOST_ALLOCATED = 512 << 20;
    private static final long MOST_NANOS = 10_000_000_000L;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    static Path folder;

    static Stream<String> members() {
        return all().stream().map(PublicApi::name).filter(name -> !Exempt.REASONS.containsKey(name));
    }

    private static List<Executable> all() {
        List<Executable> all = new ArrayList<>(PublicApi.of(ConvGeometry.class));
        all.addAll(PublicApi.of(Layer.class));
        return all;
    }

    @Test
    void whatIsExemptExists() {
        Set<String> names = new TreeSet<>();
        all().forEach(member -> names.add(PublicApi.name(member)));
        assertTrue(names.size() > 150, names.size() + " entry points found");
        Set<String> stale = new TreeSet<>(Exempt.REASONS.keySet());
        stale.removeAll(names);
        assertEquals(Set.of(), stale);
    }

    @ParameterizedTest
    @MethodSource("members")
    void hostileArgumentsAreTakenOrRefusedInForm(String name) throws Exception {
        Executable member = all().stream().filter(one -> PublicApi.name(one).equals(name)).findFirst().orElseThrow();
        Sound sound = new Sound(folder);
        sound.writeFiles();
        Call first = new Call(member, sound);
        try {
            first.run();
        } catch (Throwable e) {
            throw new AssertionError("the sound call " + first + " fails", e);
        }
        List<String> faults = new ArrayList<>();
        for (int at = 0; at < member.getParameterCount(); at++) {
            for (Object value : Hostile.of(member.getParameterTypes()[at], folder)) {
                if (Exempt.isRightButLong(name, value)) {
                    continue;
                }
                Call call = new Call(member, sound);
                call.arguments[at] = value;
                String fault = call.judge();
                if (fault != null) {
                    faults.add("argument " + at + " = " + text(value) + ": " + fault);
                }
            }
        }
        assertEquals("", String.join("\n", faults), name);
    }

    private static String text(Object value) {
        String text = value instanceof int[] ints ? Arrays.toString(ints)
                : value instanceof double[] doubles ? Arrays.toString(doubles) : String.valueOf(value);
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    /** One call with its arguments and what they held before it. */
    private static final class Call {
        private final Executable member;
        private final Object receiver;
        private final Object[] arguments;

        Call(Executable member, Sound sound) {
            this.member = member;
            Class<?> type = member.getDeclaringClass();
            boolean onInstance = member instanceof Method && !Modifier.isStatic(member.getModifiers());
            receiver = onInstance ? sound.receiver(PublicApi.name(member), type) : null;
            assertTrue(!onInstance || receiver != null, () -> "no sound " + type + " for " + PublicApi.name(member));
            Class<?>[] types = member.getParameterTypes();
            arguments = new Object[types.length];
            for (int i = 0; i < types.length; i++) {
                boolean packed = types[i] == PackedWeights.class || types[i] == PackedGradientWeights.class;
                arguments[i] = packed ? sound.packedFor(type, types[i] == PackedGradientWeights.class)
                        : Arguments.of(member, i, sound);
            }
        }

        void run() throws Throwable {
            try {
                if (member instanceof Constructor<?> constructor) {
                    constructor.newInstance(arguments);
                } else {
                    ((Method) member).invoke(receiver, arguments);
                }
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        /** What is wrong with the outcome, or null. */
        String judge() {
            List<float[]> held = new ArrayList<>();
            List<float[]> before = new ArrayList<>();
            for (Object argument : arguments) {
                float[] floats = floats(argument);
                if (floats != null) {
                    Arrays.fill(floats, 1);
                    held.add(floats);
                    before.add(floats.clone());
                }
            }
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            String fault = null;
            try {
                run();
            } catch (Throwable thrown) {
                fault = Refusal.fault(thrown);
                fault = fault == null ? null : thrown + " " + fault + " " + where(thrown);
                for (int i = 0; i < held.size(); i++) {
                    assertArrayEquals(before.get(i), held.get(i), "written before " + thrown);
                }
            }
            long used = THREADS.getCurrentThreadAllocatedBytes() - allocated;
            long took = System.nanoTime() - start;
            return used > MOST_ALLOCATED ? "allocates " + used + " bytes"
                    : took > MOST_NANOS ? "takes " + took + " ns" : fault;
        }

        private static String where(Throwable thrown) {
            StackTraceElement[] trace = thrown.getStackTrace();
            return trace.length == 0 ? "" : "at " + trace[0];
        }

        private static float[] floats(Object argument) {
            return switch (argument) {
                case float[] floats -> floats;
                case FloatRegion region -> region.isReadOnly() ? null : region.array();
                case Tensor tensor -> tensor.data();
                case Parameter parameter -> parameter.values();
                case null, default -> null;
            };
        }

        @Override
        public String toString() {
            return PublicApi.name(member) + " " + Arrays.toString(arguments);
        }
    }
}
