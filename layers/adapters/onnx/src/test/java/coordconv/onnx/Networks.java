package coordconv.onnx;

import coordconv.layers.Execution;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Networks filled and run. */
public final class Networks {
    private Networks() {}

    /**
     * Every parameter and statistic random, so that none can be left out unnoticed. Weights keep the size of what
     * they are applied to, so that coordinates do not drown in it; variances are positive.
     */
    public static <L extends Layer> L filled(L network, long seed) {
        Random random = new Random(seed);
        network.state().forEach((name, parameter) -> {
            float[] values = new float[parameter.shape().elements()];
            int fanIn = parameter.shape().rank() < 2 ? 1 : values.length / parameter.shape().extent(0);
            float scale = (float) Math.sqrt(6.0 / fanIn);
            for (int i = 0; i < values.length; i++) {
                values[i] = scale * (random.nextFloat() - (name.endsWith("running_var") ? -0.5f : 0.5f));
            }
            parameter.set(values);
        });
        return network;
    }

    public static Tensor input(Shape shape, long seed) {
        Random random = new Random(seed);
        float[] values = new float[shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return Tensor.of(values, shape);
    }

    public static float[] infer(Layer network, Tensor x) {
        network.configure(x.shape(), Execution.INFERENCE);
        return network.forward(x, Phase.INFERENCE).data().clone();
    }

    /** What a network that was read gives, by name, for inputs by name. */
    public static Map<String, float[]> infer(OnnxNetwork read, Map<String, Tensor> inputs) {
        return infer(read, inputs, Execution.INFERENCE);
    }

    /** The same with other threads or kernels. */
    public static Map<String, float[]> infer(OnnxNetwork read, Map<String, Tensor> inputs, Execution execution) {
        Layer network = read.network();
        List<Tensor> x = read.inputs().keySet().stream().map(inputs::get).toList();
        network.configure(x.stream().map(Tensor::shape).toList(), execution, false);
        Tensor[] y = network.forward(x.toArray(Tensor[]::new), Phase.INFERENCE);
        Map<String, float[]> outputs = new LinkedHashMap<>();
        for (String name : read.outputs().keySet()) {
            outputs.put(name, y[outputs.size()].data().clone());
        }
        return outputs;
    }

    /** The layers in the order they are called, containers opened. */
    public static List<Layer> flat(Layer network) {
        List<Layer> layers = new ArrayList<>();
        if (network instanceof Sequential container) {
            container.layers().values().forEach(child -> layers.addAll(flat(child)));
        } else if (network instanceof Graph container) {
            container.nodes().forEach(node -> layers.addAll(flat(node.layer())));
        } else {
            layers.add(network);
        }
        return layers;
    }
}
