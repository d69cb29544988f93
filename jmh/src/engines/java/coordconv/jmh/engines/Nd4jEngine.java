package coordconv.jmh.engines;

import coordconv.kernels.ConvGeometry;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J on its CPU backend: the operations concat and conv2d (oneDNN inside), outputs preallocated. */
public final class Nd4jEngine implements Engine {
    private final String backend;

    /** Loads the backend. */
    public Nd4jEngine() {
        backend = Nd4j.getBackend().getClass().getSimpleName();
    }

    @Override
    public String version() {
        return "ND4J " + Versions.of("org.nd4j", "nd4j-api") + ", " + backend + ", "
                + Nd4j.getBackend().buildInfo().replaceAll("\\s+", " ").strip();
    }

    @Override
    public PreparedCall prepare(Workload workload, Operation operation) {
        operation.requireForwardOrConcat("nd4j");
        workload.requireOrdinary("nd4j");
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(workload.threads());
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpMinThreads(1);
        return new Call(workload, operation);
    }

    private static final class Call implements PreparedCall {
        private final CustomOp concat;
        private final CustomOp convolution;
        private final INDArray result;

        Call(Workload workload, Operation operation) {
            ConvGeometry g = workload.geometry();
            INDArray x = array(workload.x(), g.batch(), g.channels(), g.height(), g.width());
            INDArray joined = x;
            if (workload.hasCoordinates()) {
                INDArray coordinates = array(workload.coordinateTensor(),
                        g.batch(), g.coords().count(), g.height(), g.width());
                joined = array(new float[workload.joinedLength()],
                        g.batch(), g.joinedChannels(), g.height(), g.width());
                concat = DynamicCustomOp.builder("concat")
                        .addInputs(workload.coordinatesFirst() ? coordinates : x,
                                workload.coordinatesFirst() ? x : coordinates)
                        .addOutputs(joined).addIntegerArguments(1).build();
            } else {
                concat = null;
            }
            if (operation == Operation.CONCAT) {
                convolution = null;
                result = joined;
                return;
            }
            INDArray weights = array(workload.weights(),
                    g.outChannels(), g.joinedChannels(), g.kernelHeight(), g.kernelWidth());
            result = array(new float[g.outputLength()], g.batch(), g.outChannels(), g.outHeight(), g.outWidth());
            // The last three: padding as given, NCHW data, [O, C, KH, KW] weights.
            convolution = DynamicCustomOp.builder("conv2d").addInputs(joined, weights).addOutputs(result)
                    .addIntegerArguments(g.kernelHeight(), g.kernelWidth(), g.strideHeight(), g.strideWidth(),
                            g.padTop(), g.padLeft(), g.dilationHeight(), g.dilationWidth(), 0, 0, 1)
                    .build();
        }

        private static INDArray array(float[] values, long... shape) {
            return Nd4j.create(values, shape, 'c');
        }

        @Override
        public void run() {
            if (concat != null) {
                Nd4j.exec(concat);
            }
            if (convolution != null) {
                Nd4j.exec(convolution);
            }
        }

        @Override
        public float[] output() {
            return result.dup('c').data().asFloat();
        }
    }
}
