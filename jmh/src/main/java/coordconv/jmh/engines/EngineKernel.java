package coordconv.jmh.engines;

import coordconv.kernels.ConvGeometry;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * An engine of the comparison as the suite sees it: the forward pass that is timed, with coordinates that the
 * engine concatenates. Nothing is asked of an engine that it does not promise, such as equal bits.
 */
public abstract class EngineKernel implements ConvKernel {
    private final EngineName engine;
    private final Engine implementation;

    private EngineKernel(EngineName engine) {
        this.engine = engine;
        try {
            implementation = engine.load();
        } catch (EngineName.UnavailableException e) {
            throw new IllegalStateException(engine.id() + " cannot be loaded: " + e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return engine.id() + ": " + implementation.version();
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.of(Feature.COORDINATES, Feature.DILATION, Feature.THREADS);
    }

    @Override
    public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
        try (PreparedCall prepared = implementation.prepare(new Workload(call.geometry(), call.threads(), x, weights), Operation.FORWARD)) {
            prepared.run();
            System.arraycopy(prepared.output(), 0, y, 0, y.length);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(engine.id() + " fails: " + e.getMessage(), e);
        }
    }

    /** libtorch through DJL. */
    public static final class Libtorch extends EngineKernel {
        /** Loads the engine. */
        public Libtorch() {
            super(EngineName.LIBTORCH);
        }
    }

    /** ND4J with oneDNN. */
    public static final class Nd4j extends EngineKernel {
        /** Loads the engine. */
        public Nd4j() {
            super(EngineName.ND4J);
        }

        /** A dilated conv2d of ND4J 1.0.0-M2.1 ends in an exception, as n1c1h1w3o1k1x2d1x2 does. */
        @Override
        public Set<Feature> features() {
            return EnumSet.of(Feature.COORDINATES, Feature.THREADS);
        }
    }

    /** TensorFlow Java. */
    public static final class TensorFlow extends EngineKernel {
        /** Loads the engine. */
        public TensorFlow() {
            super(EngineName.TENSORFLOW);
        }

        /** Where an output sees padding alone, TensorFlow 2.18 with oneDNN ends the process (n1c1h224w3o3k3x1s2x4p0x1d2x1). */
        @Override
        public boolean supports(ConvCall call) {
            ConvGeometry g = call.geometry();
            return eachWindowSees(g.height(), g.kernelHeight(), g.strideHeight(), g.dilationHeight(), g.padTop(), g.outHeight())
                    && eachWindowSees(g.width(), g.kernelWidth(), g.strideWidth(), g.dilationWidth(), g.padLeft(), g.outWidth());
        }

        private static boolean eachWindowSees(int size, int kernel, int stride, int dilation, int padding, int out) {
            return IntStream.range(0, out).allMatch(at -> IntStream.range(0, kernel)
                    .map(tap -> at * stride - padding + tap * dilation).anyMatch(pixel -> pixel >= 0 && pixel < size));
        }
    }

    /** ONNX Runtime. */
    public static final class OnnxRuntime extends EngineKernel {
        /** Loads the engine. */
        public OnnxRuntime() {
            super(EngineName.ONNX_RUNTIME);
        }
    }

    /** Seven nested loops, which need no library. */
    public static final class Naive extends EngineKernel {
        /** Needs nothing. */
        public Naive() {
            super(EngineName.NAIVE);
        }
    }
}
