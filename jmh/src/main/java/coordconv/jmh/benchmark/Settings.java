package coordconv.jmh.benchmark;

import coordconv.jmh.worker.Worker;

/** Settings that the benchmarks share; options of the command override them. */
final class Settings {
    static final String MICRO_KERNELS = Worker.MICRO_KERNELS;
    /** The flags that our kernel needs, and room for the largest problems. */
    static final String ADD_MODULES = "--add-modules=jdk.incubator.vector";
    static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
    static final String HEAP = "-Xmx3g";
    /** JIT outcomes differ from fork to fork. */
    static final int FORKS = 3;
    static final int WARM_UPS = 5;
    static final int MEASUREMENTS = 5;
    static final int MILLIS = 500;
    /** Of a warm-up of training, which compiles far more than a layer while its own threads keep the processors busy. */
    static final int TRAINING_WARM_UP_MILLIS = 2000;

    private Settings() {}
}
