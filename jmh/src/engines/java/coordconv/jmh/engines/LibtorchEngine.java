package coordconv.jmh.engines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.engine.PtNDArray;
import coordconv.kernels.ConvGeometry;

/** libtorch through DJL: its own conv2d and cat, gradients off. */
public final class LibtorchEngine implements Engine {
    private final ai.djl.engine.Engine djl;

    /** Loads the library from the jars on the class path; nothing is downloaded. */
    public LibtorchEngine() {
        System.setProperty("ai.djl.offline", "true");
        djl = ai.djl.engine.Engine.getEngine(PtEngine.ENGINE_NAME);
        JniUtils.setGradMode(false);
    }

    @Override
    public String version() {
        return "libtorch " + djl.getVersion() + " through DJL " + ai.djl.engine.Engine.getDjlVersion();
    }

    @Override
    public PreparedCall prepare(Workload workload, Operation operation) {
        operation.requireForwardOrConcat("libtorch");
        workload.requireOrdinary("libtorch");
        JniUtils.setNumThreads(workload.threads());
        return new Call(workload, operation, djl.newBaseManager());
    }

    private static final class Call implements PreparedCall {
        private final Workload workload;
        private final Operation operation;
        private final NDManager manager;
        private final NDArray x;
        private final NDArray coordinates;
        private final NDArray weights;
        private final Shape stride;
        private final Shape padding;
        private final Shape dilation;
        private NDArray result;

        Call(Workload workload, Operation operation, NDManager manager) {
            this.workload = workload;
            this.operation = operation;
            this.manager = manager;
            ConvGeometry g = workload.geometry();
            x = manager.create(workload.x(), new Shape(g.batch(), g.channels(), g.height(), g.width()));
            coordinates = workload.hasCoordinates() ? manager.create(workload.coordinateTensor(),
                    new Shape(g.batch(), g.coords().count(), g.height(), g.width())) : null;
            weights = manager.create(workload.weights(),
                    new Shape(g.outChannels(), g.joinedChannels(), g.kernelHeight(), g.kernelWidth()));
            stride = new Shape(g.strideHeight(), g.strideWidth());
            padding = new Shape(g.padTop(), g.padLeft());
            dilation = new Shape(g.dilationHeight(), g.dilationWidth());
        }

        @Override
        public void run() {
            if (result != null) {
                result.close();
            }
            NDArray joined = x;
            if (coordinates != null) {
                joined = workload.coordinatesFirst() ? coordinates.concat(x, 1) : x.concat(coordinates, 1);
            }
            if (operation == Operation.CONCAT) {
                result = joined;
                return;
            }
            result = JniUtils.convolution((PtNDArray) joined, (PtNDArray) weights, null, stride, padding, dilation, 1);
            if (joined != x) {
                joined.close();
            }
        }

        @Override
        public float[] output() {
            return result.toFloatArray();
        }

        @Override
        public void close() {
            manager.close();
        }
    }
}
