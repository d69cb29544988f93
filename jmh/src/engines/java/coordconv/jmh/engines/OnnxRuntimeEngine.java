package coordconv.jmh.engines;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import coordconv.kernels.ConvGeometry;
import coordconv.onnx.OnnxConvolutions;
import coordconv.onnx.model.OnnxGraph;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/** ONNX Runtime on its CPU provider, all graph optimisations on, output memory given. */
public final class OnnxRuntimeEngine implements Engine {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

    @Override
    public String version() {
        return "ONNX Runtime " + environment.getVersion();
    }

    @Override
    public PreparedCall prepare(Workload workload, Operation operation) throws OrtException {
        operation.requireForwardOrConcat("onnxruntime");
        workload.requireNchw("onnxruntime");
        ConvGeometry g = workload.geometry();
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(workload.threads());
        options.setInterOpNumThreads(1);
        options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
        options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
        return new Call(options, environment.createSession(model(workload, operation), options),
                tensor(direct(workload.x()), new long[] {g.batch(), g.channels(), g.height(), g.width()}),
                outputShape(g, operation));
    }

    private static byte[] model(Workload workload, Operation operation) {
        ConvGeometry g = workload.geometry();
        if (operation == Operation.FORWARD) {
            return OnnxConvolutions.conv(g, workload.weights(), null);
        }
        OnnxGraph graph = new OnnxGraph("concat");
        String x = graph.input("x", g.batch(), g.channels(), g.height(), g.width());
        String coordinates = graph.constant("coordinates", workload.coordinateTensor(),
                g.batch(), g.coords().count(), g.height(), g.width());
        boolean first = workload.coordinatesFirst();
        graph.output(graph.node("Concat", first ? coordinates : x, first ? x : coordinates).withInteger("axis", 1).to("y"),
                g.batch(), g.joinedChannels(), g.height(), g.width());
        return graph.toBytes();
    }

    private static long[] outputShape(ConvGeometry g, Operation operation) {
        return operation == Operation.CONCAT
                ? new long[] {g.batch(), g.joinedChannels(), g.height(), g.width()}
                : new long[] {g.batch(), g.outChannels(), g.outHeight(), g.outWidth()};
    }

    private OnnxTensor tensor(FloatBuffer data, long[] shape) throws OrtException {
        return OnnxTensor.createTensor(environment, data, shape);
    }

    private static FloatBuffer direct(float[] values) {
        return direct(values.length).put(values).flip();
    }

    private static FloatBuffer direct(int length) {
        return ByteBuffer.allocateDirect(length * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    private final class Call implements PreparedCall {
        private final SessionOptions options;
        private final OrtSession session;
        private final OnnxTensor x;
        private final OnnxTensor y;
        private final FloatBuffer yData;
        private final Map<String, OnnxTensor> inputs;
        private final Map<String, OnnxTensor> outputs;

        Call(SessionOptions options, OrtSession session, OnnxTensor x, long[] shape) throws OrtException {
            this.options = options;
            this.session = session;
            this.x = x;
            yData = direct((int) (shape[0] * shape[1] * shape[2] * shape[3]));
            y = tensor(yData, shape);
            inputs = Map.of("x", x);
            outputs = Map.of("y", y);
        }

        @Override
        public void run() throws OrtException {
            session.run(inputs, outputs).close();
        }

        @Override
        public float[] output() {
            float[] values = new float[yData.capacity()];
            yData.get(0, values);
            return values;
        }

        @Override
        public void close() throws OrtException {
            session.close();
            options.close();
            x.close();
            y.close();
        }
    }
}
