package coordconv.jmh.engines;

import coordconv.verification.check.ProblemCheck;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.kernel.KernelLoader;

/** A kernel behind the interface of the suite, to be timed: the opposite of {@link EngineKernel}. */
public final class KernelEngine implements Engine {
    /** Stands before the name of the class where an engine is named. */
    private static final String PREFIX = "kernel:";

    private final ConvKernel kernel;

    private KernelEngine(ConvKernel kernel) {
        this.kernel = kernel;
    }

    /**
     * The name under which a worker loads a kernel.
     *
     * @param className name of its class
     * @return the name
     */
    public static String id(String className) {
        return PREFIX + className;
    }

    /** {@return whether a name is that of a kernel} */
    public static boolean isNamed(String id) {
        return id.startsWith(PREFIX);
    }

    /**
     * Makes the engine of a name.
     *
     * @param id given by {@link #id}
     * @return the engine
     * @throws IllegalArgumentException if the class path has no such kernel
     */
    public static KernelEngine load(String id) {
        return new KernelEngine(KernelLoader.load("--kernel", id.substring(PREFIX.length()), ""));
    }

    /**
     * Whether a kernel declares a pass.
     *
     * @param kernel the kernel
     * @param call what to compute
     * @param operation the pass
     * @return whether it does it
     */
    public static boolean isDone(ConvKernel kernel, ConvCall call, Operation operation) {
        boolean declared = switch (operation) {
            case FORWARD -> true;
            case BACKWARD_INPUT -> kernel.features().contains(Feature.BACKWARD_INPUT);
            case BACKWARD_WEIGHTS -> kernel.features().contains(Feature.BACKWARD_WEIGHTS);
            default -> false;
        };
        return declared && ProblemCheck.isDone(kernel, call);
    }

    @Override
    public String version() {
        return kernel.name();
    }

    @Override
    public PreparedCall prepare(Workload workload, Operation operation) {
        ConvCall call = ConvCall.of(workload.geometry()).withThreads(workload.threads());
        if (!isDone(kernel, call, operation)) {
            throw new UnsupportedOperationException(kernel.name() + " does not declare that it supports this");
        }
        float[] w = workload.weights();
        return switch (operation) {
            case BACKWARD_INPUT -> {
                float[] dy = workload.outputGradient();
                float[] dx = new float[call.inputLength()];
                yield new Call(() -> kernel.backwardInput(call, dy, w, dx), dx);
            }
            case BACKWARD_WEIGHTS -> {
                float[] dy = workload.outputGradient();
                float[] dw = new float[call.weightLength()];
                yield new Call(() -> kernel.backwardWeights(call, workload.x(), dy, dw), dw);
            }
            default -> {
                float[] y = new float[call.outputLength()];
                yield new Call(kernel.prepareForward(call, workload.x(), w, null, y), y);
            }
        };
    }

    private record Call(Runnable pass, float[] output) implements PreparedCall {
        @Override
        public void run() {
            pass.run();
        }
    }
}
