package coordconv.layers;

import coordconv.kernels.TensorLayout;
import coordconv.layers.internal.FloatLoops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The passes over layers that read each other's outputs: what {@link Graph} and {@link Sequential} have in common.
 *
 * <p>A value is an input of the container or an output of one of its layers. Values are numbered: first the
 * inputs, then the outputs of the layers, layer by layer; a layer reads values of lower numbers alone.
 */
final class Wiring {
    private final Layer[] layers;
    /** For each layer the values that it reads. */
    private final int[][] reads;
    /** For each layer the first of the values that it writes. */
    private final int[] writes;
    private final int inputs;
    private final int[] outputs;
    private final int values;

    /** How it runs without gradients; null where it was configured for them. */
    private InferencePlan plan;
    private Step[] steps;
    private final Tensor[] tensors;
    private final Tensor[] gradients;
    private final Tensor[] results;
    private final Tensor[] inputGradients;

    /**
     * Layers in an order in which each comes after those that it reads.
     *
     * @param inputs number of inputs of the container
     * @param layers the layers
     * @param reads for each layer the values that it reads
     * @param outputs the values that the container gives, no value twice
     */
    Wiring(int inputs, List<Layer> layers, List<int[]> reads, int[] outputs) {
        this.inputs = inputs;
        this.layers = layers.toArray(Layer[]::new);
        this.reads = reads.toArray(int[][]::new);
        this.outputs = outputs;
        writes = new int[this.layers.length];
        int next = inputs;
        for (int i = 0; i < writes.length; i++) {
            writes[i] = next;
            next += this.layers[i].outputCount();
        }
        values = next;
        tensors = new Tensor[values];
        gradients = new Tensor[values];
        results = new Tensor[outputs.length];
        inputGradients = new Tensor[inputs];
    }

    /** A layer that runs, with the arrays that it is called with. */
    private static final class Step {
        final Layer layer;
        final int[] reads;
        final int write;
        /** Whether the backward pass has anything to do here. */
        final boolean learns;
        final long configuration;
        final Tensor[] x;
        final Tensor[] dy;
        long pass;

        Step(Layer layer, int[] reads, int write, boolean learns) {
            this.layer = layer;
            this.reads = reads;
            this.write = write;
            this.learns = learns;
            configuration = layer.configurations();
            x = new Tensor[reads.length];
            dy = new Tensor[layer.outputCount()];
        }
    }

    List<Shape> infer(List<Shape> given) {
        Shape[] shapes = new Shape[values];
        given.toArray(shapes);
        for (int i = 0; i < layers.length; i++) {
            put(shapes, i, layers[i].outputShapes(pick(shapes, reads[i])));
        }
        return pick(shapes, outputs);
    }

    List<LayerRow> rows(List<Shape> given) {
        Shape[] shapes = new Shape[values];
        given.toArray(shapes);
        List<LayerRow> rows = new ArrayList<>();
        for (int i = 0; i < layers.length; i++) {
            List<Shape> x = pick(shapes, reads[i]);
            rows.addAll(layers[i].rows(x));
            put(shapes, i, layers[i].outputShapes(x));
        }
        return rows;
    }

    private void put(Shape[] shapes, int layer, List<Shape> given) {
        for (int k = 0; k < given.size(); k++) {
            shapes[writes[layer] + k] = given.get(k);
        }
    }

    private static List<Shape> pick(Shape[] shapes, int[] numbers) {
        List<Shape> picked = new ArrayList<>();
        for (int number : numbers) {
            picked.add(shapes[number]);
        }
        return picked;
    }

    void allocate(List<Shape> given, Execution execution, boolean[] wantedOfInputs) {
        // Tensors of another configuration must neither stay in memory nor come out again.
        Arrays.fill(tensors, null);
        Arrays.fill(gradients, null);
        steps = null;
        plan = execution.gradients() ? null : new InferencePlan(this, given, execution);
        if (plan != null) {
            return;
        }
        Shape[] shapes = new Shape[values];
        given.toArray(shapes);
        boolean[] wanted = Arrays.copyOf(wantedOfInputs, values);
        List<Step> running = new ArrayList<>();
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            layer.absorb(List.of());
            layer.arrange(TensorLayout.NCHW, TensorLayout.NCHW);
            layer.lend(null);
            boolean[] needed = new boolean[reads[i].length];
            for (int k = 0; k < needed.length; k++) {
                needed[k] = wanted[reads[i][k]];
            }
            List<Shape> results = layer.configureInContainer(pick(shapes, reads[i]), execution, needed);
            boolean learns = !layer.parameters().isEmpty();
            for (boolean input : needed) {
                learns |= input;
            }
            put(shapes, i, results);
            Arrays.fill(wanted, writes[i], writes[i] + results.size(), learns);
            running.add(new Step(layer, reads[i], writes[i], learns));
        }
        steps = running.toArray(Step[]::new);
    }

    /** Takes the layers of a network one after another. */
    interface Visitor {
        /**
         * Takes a layer.
         *
         * @param layer no container
         * @param reads the values that it reads
         * @return the first of the values that it writes
         */
        int visit(Layer layer, int[] reads);
    }

    /**
     * Visits the layers in order, and those of containers among them in their place.
     *
     * @param given numbers of the input values
     * @param visitor gives numbers to the others
     * @return numbers of the output values
     */
    int[] inline(int[] given, Visitor visitor) {
        int[] numbers = Arrays.copyOf(given, values);
        for (int i = 0; i < layers.length; i++) {
            int[] read = pick(numbers, reads[i]);
            Wiring inner = layers[i].wiring();
            int[] written = inner == null ? null : inner.inline(read, visitor);
            int first = inner == null ? visitor.visit(layers[i], read) : 0;
            for (int k = 0; k < layers[i].outputCount(); k++) {
                numbers[writes[i] + k] = inner == null ? first + k : written[k];
            }
        }
        return pick(numbers, outputs);
    }

    /** {@return the numbers of some values} */
    static int[] pick(int[] numbers, int[] values) {
        int[] picked = new int[values.length];
        for (int k = 0; k < picked.length; k++) {
            picked[k] = numbers[values[k]];
        }
        return picked;
    }

    /** {@return how it runs without gradients; null where it was configured for them or not at all} */
    InferencePlan plan() {
        return plan;
    }

    Tensor[] compute(Tensor[] given, Phase phase) {
        if (plan != null) {
            return plan.compute(given, phase);
        }
        System.arraycopy(given, 0, tensors, 0, inputs);
        for (Step step : steps) {
            if (step.layer.configurations() != step.configuration) {
                throw apart(step.layer, "a configuration", "the container to be configured again");
            }
            for (int k = 0; k < step.x.length; k++) {
                step.x[k] = tensors[step.reads[k]];
            }
            Tensor[] y = step.layer.forward(step.x, phase);
            step.pass = step.layer.passes();
            System.arraycopy(y, 0, tensors, step.write, y.length);
        }
        for (int k = 0; k < results.length; k++) {
            results[k] = tensors[outputs[k]];
        }
        return results;
    }

    /** Gradients that arrive from several readers of a value are summed, the last reader's first. */
    Tensor[] propagate(Tensor[] dy) {
        Arrays.fill(gradients, null);
        for (int k = 0; k < outputs.length; k++) {
            gradients[outputs[k]] = dy[k];
        }
        for (int i = steps.length - 1; i >= 0; i--) {
            Step step = steps[i];
            if (step.learns) {
                if (step.layer.configurations() != step.configuration || step.layer.passes() != step.pass) {
                    throw apart(step.layer, "a configuration or a pass", "the container's own training pass to be the last");
                }
                System.arraycopy(gradients, step.write, step.dy, 0, step.dy.length);
                Tensor[] dx = step.layer.backward(step.dy);
                for (int k = 0; k < dx.length; k++) {
                    receive(step.reads[k], dx[k]);
                }
            }
        }
        System.arraycopy(gradients, 0, inputGradients, 0, inputs);
        return inputGradients;
    }

    private void receive(int value, Tensor gradient) {
        if (gradients[value] == null) {
            gradients[value] = gradient;
        } else if (gradient != null) {
            // It belongs to nobody else by the rules of Layer, so the sum may stand in it.
            FloatLoops.accumulate(gradient.data(), gradients[value].data(), gradient.shape().elements());
        }
    }

    /** Refuses a layer that was used without its container. */
    static IllegalStateException apart(Layer layer, String given, String needed) {
        return new IllegalStateException(layer.label() + ": given " + given
                + " apart from its container, needed " + needed);
    }
}
