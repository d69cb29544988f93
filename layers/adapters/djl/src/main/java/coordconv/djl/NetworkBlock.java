package coordconv.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import coordconv.layers.Predictor;
import coordconv.layers.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network of our layers as a DJL block without parameters, for inference: arrays come in and go out in the order of
 * {@link Predictor#inputs} and {@link Predictor#outputs}; those that go out have the names of the outputs. An input
 * array with the name of an input goes there, wherever it stands. Thread-safe: all callers share one Predictor.
 */
public final class NetworkBlock extends AbstractBlock {
    private final Predictor predictor;

    /**
     * A block.
     *
     * @param predictor computes it
     */
    public NetworkBlock(Predictor predictor) {
        this.predictor = Objects.requireNonNull(predictor, "predictor");
        inputNames = predictor.inputs();
    }

    @Override
    protected NDList forwardInternal(ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        Refusal.unless(!training, "training", true, "inference: a Trainer of coordconv trains the network, and another "
                + "Predictor serves what came of it");
        Refusal.unless(inputs.size() == inputNames.size(), "inputs", inputs.size() + " arrays", inputNames.size() + ", " + inputNames);
        Map<String, Tensor> x = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            x.put(nameOf(inputs, i), tensor(inputNames.get(i), inputs.get(i)));
        }
        Refusal.unless(x.size() == inputs.size(), "inputs", "two arrays for one of " + inputNames, "one for each");
        NDList outputs = new NDList();
        predictor.predict(x).forEach((name, y) -> {
            NDArray array = inputs.head().getManager().create(y.data(), djl(y.shape()));
            array.setName(name);
            outputs.add(array);
        });
        return outputs;
    }

    private String nameOf(NDList inputs, int index) {
        String given = inputs.get(index).getName();
        return given != null && inputNames.contains(given) ? given : inputNames.get(index);
    }

    private static Tensor tensor(String name, NDArray array) {
        Refusal.unless(array.getDataType() == DataType.FLOAT32, name, array.getDataType(), DataType.FLOAT32);
        return Tensor.of(array.toFloatArray(), ours(array.getShape()));
    }

    /**
     * Infers the output shapes.
     *
     * @param shapes of the inputs; their first extent may be -1 for any
     * @return shapes of the outputs, -1 where those of the inputs are
     */
    @Override
    public Shape[] getOutputShapes(Shape[] shapes) {
        Refusal.unless(shapes.length == inputNames.size(), "inputs", shapes.length + " shapes", inputNames.size() + ", " + inputNames);
        boolean open = false;
        Map<String, coordconv.layers.Shape> x = new LinkedHashMap<>();
        for (int i = 0; i < shapes.length; i++) {
            long[] extents = shapes[i].getShape().clone();
            if (extents.length > 0 && extents[0] < 0) {
                open = true;
                extents[0] = 1;
            }
            x.put(inputNames.get(i), ours(new Shape(extents)));
        }
        boolean any = open;
        return predictor.outputShapes(x).values().stream().map(shape -> {
            long[] extents = djl(shape).getShape().clone();
            if (any && extents.length > 0) {
                extents[0] = -1;
            }
            return new Shape(extents);
        }).toArray(Shape[]::new);
    }

    private static coordconv.layers.Shape ours(Shape shape) {
        return coordconv.layers.Shape.of(Arrays.stream(shape.getShape()).mapToInt(Math::toIntExact).toArray());
    }

    private static Shape djl(coordconv.layers.Shape shape) {
        return new Shape(Arrays.stream(shape.toArray()).asLongStream().toArray());
    }

    /** {@return names of the outputs, in order} */
    public List<String> outputNames() {
        return predictor.outputs();
    }
}
