package coordconv.jmh.peer;

import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import java.util.EnumSet;
import java.util.Set;

/**
 * An engine of the comparison as the suite sees it: the forward pass that is timed, with coordinates that the
 * engine concatenates. Nothing is asked of an engine that it does not promise, such as equal bits.
 */
public abstract class PeerKernel implements ConvKernel {
    private final Engine engine;
    private final Peer peer;

    private PeerKernel(Engine engine) {
        this.engine = engine;
        try {
            peer = engine.load();
        } catch (Engine.UnavailableException e) {
            throw new IllegalStateException(engine.id() + " cannot be loaded: " + e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return engine.id() + ": " + peer.version();
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.of(Feature.COORDINATES, Feature.DILATION, Feature.THREADS);
    }

    @Override
    public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
        try (PreparedCall prepared = peer.prepare(new Workload(call.geometry(), call.threads(), x, weights), Operation.FORWARD)) {
            prepared.run();
            System.arraycopy(prepared.output(), 0, y, 0, y.length);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(engine.id() + " fails: " + e.getMessage(), e);
        }
    }

    /** libtorch through DJL. */
    public static final class Libtorch extends PeerKernel {
        /** Loads the engine. */
        public Libtorch() {
            super(Engine.LIBTORCH);
        }
    }

    /** ND4J with oneDNN. */
    public static final class Nd4j extends PeerKernel {
        /** Loads the engine. */
        public Nd4j() {
            super(Engine.ND4J);
        }
    }

    /** TensorFlow Java. */
    public static final class TensorFlow extends PeerKernel {
        /** Loads the engine. */
        public TensorFlow() {
            super(Engine.TENSORFLOW);
        }
    }

    /** ONNX Runtime. */
    public static final class OnnxRuntime extends PeerKernel {
        /** Loads the engine. */
        public OnnxRuntime() {
            super(Engine.ONNX_RUNTIME);
        }
    }

    /** Seven nested loops, which need no library. */
    public static final class Naive extends PeerKernel {
        /** Needs nothing. */
        public Naive() {
            super(Engine.NAIVE);
        }
    }
}
