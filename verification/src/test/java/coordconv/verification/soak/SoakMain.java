package coordconv.verification.soak;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The soak itself, the main class of a child JVM: folder, seconds, and the resources to leak on purpose
 * or {@code none}. Prints what grew, and exits 1 if anything did.
 */
public final class SoakMain {
    private static final int SAMPLES = 8;
    private static final List<Object> LEAKED = new ArrayList<>();

    private SoakMain() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        double seconds = Double.parseDouble(args[1]);
        List<Resource> leaks = args[2].equals("none") ? List.of() : Arrays.stream(args[2].split(",")).map(Resource::valueOf).toList();
        Map<Resource, long[]> samples = new EnumMap<>(Resource.class);
        for (Resource resource : Resource.values()) {
            samples.put(resource, new long[SAMPLES]);
        }
        int rounds;
        try (SoakWork work = new SoakWork(folder)) {
            // A third of the time for classes to load, scratch to grow and helper threads to start; every round but
            // once in any case, as what is used first may be loaded last.
            rounds = rounds(work, 0, seconds / 3, 24, List.of());
            for (int sample = 0; sample < SAMPLES; sample++) {
                rounds = rounds(work, rounds, seconds * 2 / 3 / SAMPLES, 8, leaks);
                for (Resource resource : Resource.values()) {
                    samples.get(resource)[sample] = resource.now();
                }
            }
        }
        boolean grew = false;
        for (Map.Entry<Resource, long[]> entry : samples.entrySet()) {
            long growth = Growth.of(entry.getValue());
            boolean tooMuch = growth > entry.getKey().tolerated();
            grew |= tooMuch;
            System.out.println((tooMuch ? "GROWS " : "steady ") + entry.getKey() + " by " + growth + ": "
                    + Arrays.toString(entry.getValue()));
        }
        System.out.println(rounds + " rounds, " + LEAKED.size() + " leaks planted");
        System.exit(grew ? 1 : 0);
    }

    private static int rounds(SoakWork work, int from, double seconds, int least, List<Resource> leaks) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        int round = from;
        for (; round < from + least || System.nanoTime() < end; round++) {
            work.round(round);
            for (Resource leak : leaks) {
                plant(leak);
            }
        }
        return round;
    }

    private static void plant(Resource leak) throws Exception {
        LEAKED.add(switch (leak) {
            case HEAP -> new byte[32 << 10];
            case BUFFERS -> ByteBuffer.allocateDirect(16);
            case NATIVE -> Arena.global().allocate(16 << 10);
            case THREADS -> Thread.ofPlatform().daemon().start(SoakMain::sleep);
            case CLASSES -> new Definer().define();
        });
    }

    private static void sleep() {
        try {
            Thread.sleep(1_000_000);
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        }
    }

    /** Loads this class once more, as a kernel that is spun again and again would be. */
    private static final class Definer extends ClassLoader {
        Class<?> define() throws Exception {
            try (var in = Growth.class.getResourceAsStream("Growth.class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(Growth.class.getName(), bytes, 0, bytes.length);
            }
        }
    }
}
