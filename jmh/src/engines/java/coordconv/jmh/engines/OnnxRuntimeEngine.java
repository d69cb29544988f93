package coordconv.jmh.engines;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import coordconv.cli.timing.NetworkCase;
import coordconv.kernels.ConvGeometry;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Predictor;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.onnx.OnnxConvolutions;
import coordconv.onnx.OnnxExport;
import coordconv.onnx.model.OnnxGraph;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
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
        return new Call(model(workload, operation), workload.threads(),
                Map.of("x", Tensor.of(workload.x(), Shape.of(g.batch(), g.channels(), g.height(), g.width()))),
                Map.of("y", outputShape(g, operation)));
    }

    /** The network as our exporter writes it for this batch: with coordinates as constants that need no expansion. */
    @Override
    public PreparedCall prepare(NetworkCase network, int threads) throws OrtException {
        Layer layers = network.network();
        byte[] model = OnnxExport.toBytes(layers, network.inputs(), OnnxExport.Batch.FIXED);
        Predictor names = Predictor.of(layers, Execution.INFERENCE);
        return new Call(model, threads, network.tensors(names.inputs()), names.outputShapes(network.shapes(names.inputs())));
    }

    private static SessionOptions options(int threads) throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
        options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
        return options;
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

    private static Shape outputShape(ConvGeometry g, Operation operation) {
        return operation == Operation.CONCAT
                ? Shape.of(g.batch(), g.joinedChannels(), g.height(), g.width())
                : Shape.of(g.batch(), g.outChannels(), g.outHeight(), g.outWidth());
    }

    private OnnxTensor tensor(FloatBuffer data, Shape shape) throws OrtException {
        return OnnxTensor.createTensor(environment, data, Arrays.stream(shape.toArray()).asLongStream().toArray());
    }

    private static FloatBuffer direct(int length) {
        return ByteBuffer.allocateDirect(length * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    private final class Call implements PreparedCall {
        private final SessionOptions options;
        private final OrtSession session;
        private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
        private final List<FloatBuffer> results = new ArrayList<>();

        Call(byte[] model, int threads, Map<String, Tensor> x, Map<String, Shape> y) throws OrtException {
            options = options(threads);
            session = environment.createSession(model, options);
            for (Map.Entry<String, Tensor> input : x.entrySet()) {
                Tensor values = input.getValue();
                inputs.put(input.getKey(), tensor(direct(values.data().length).put(values.data()).flip(), values.shape()));
            }
            for (Map.Entry<String, Shape> output : y.entrySet()) {
                FloatBuffer result = direct(output.getValue().elements());
                results.add(result);
                outputs.put(output.getKey(), tensor(result, output.getValue()));
            }
        }

        @Override
        public void run() throws OrtException {
            session.run(inputs, outputs).close();
        }

        @Override
        public float[] output() {
            return NetworkCase.joined(results.stream().map(result -> {
                float[] values = new float[result.capacity()];
                result.get(0, values);
                return values;
            }).toList());
        }

        @Override
        public void close() throws OrtException {
            session.close();
            options.close();
            inputs.values().forEach(OnnxTensor::close);
            outputs.values().forEach(OnnxTensor::close);
        }
    }
}
