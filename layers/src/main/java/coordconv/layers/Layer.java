package coordconv.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A function with parameters over a fixed input shape, forward and backward.
 *
 * <p>A layer is made, {@link #initialise initialised} and then {@link #configure configured} for one
 * input shape, which allocates every buffer; after that {@link #forward} and {@link #backward}
 * allocate nothing. It may be configured again for another shape: the parameters stay. An instance
 * holds the state of one pass, so one thread uses it at a time.
 */
public abstract class Layer {
    private String path = "";
    private Shape inputShape;
    private Shape outputShape;
    private boolean gradients;

    /** For subclasses. */
    protected Layer() {}

    /** {@return the name of this kind of layer, as tables and errors print it} */
    public abstract String type();

    /**
     * The output shape for an input shape.
     *
     * @param input never null
     * @return the output shape
     * @throws ShapeException made by {@link #refuse}
     */
    protected abstract Shape infer(Shape input);

    /**
     * Makes buffers and plans.
     *
     * @param input shape of the input
     * @param output shape of the output
     * @param execution threads and kernels, and whether a backward pass is wanted
     * @param inputGradient whether the backward pass gives a gradient to the input
     */
    protected abstract void allocate(Shape input, Shape output, Execution execution, boolean inputGradient);

    /**
     * Computes the output into a buffer of this layer's.
     *
     * @param x input of the configured shape, unchanged until the backward pass
     * @param phase training or inference
     * @return the output
     */
    protected abstract Tensor compute(Tensor x, Phase phase);

    /**
     * Computes parameter gradients (overwritten, not added to) and the gradient to the input.
     *
     * @param dy gradient to the output; this layer may overwrite it
     * @return gradient to the input, or null if it was not wanted
     */
    protected abstract Tensor propagate(Tensor dy);

    /**
     * Takes over, for inference, what the next layers compute, where this layer can do so for less.
     *
     * @param following the layers after this one in its container; none for a configuration with gradients,
     *     which takes nothing over
     * @return how many of them this layer computes itself from the next configuration on
     */
    protected int absorb(List<Layer> following) {
        return 0;
    }

    /** {@return parameters and statistics of this layer itself, not of its children} */
    protected List<Parameter> own() {
        return List.of();
    }

    /** {@return the layers that this one calls, by name, in order} */
    protected Map<String, Layer> children() {
        return Map.of();
    }

    /** {@return layers that are declared but never called, by name: state to load and save, nothing else} */
    protected Map<String, Layer> uncalled() {
        return Map.of();
    }

    /** {@return this layer's own source of random numbers, or null} */
    protected SeededRandom random() {
        return null;
    }

    /**
     * The summary rows of this layer.
     *
     * @param input shape of its input
     * @return one row, unless a subclass says otherwise
     */
    public List<LayerRow> rows(Shape input) {
        return List.of(LayerRow.of(path, type(), input, outputShape(input), parameters()));
    }

    /**
     * The output shape for an input shape; nothing is allocated.
     *
     * @param input shape of the input
     * @return shape of the output
     * @throws ShapeException naming the layer, the shape it got and the shape it needs
     */
    public final Shape outputShape(Shape input) {
        return infer(input);
    }

    /**
     * Allocates everything for one input shape, without a gradient to the input.
     *
     * @param input shape of the input
     * @param execution threads, kernels, and whether a backward pass is wanted
     * @return shape of the output
     * @throws ShapeException naming the layer, the shape it got and the shape it needs
     */
    public final Shape configure(Shape input, Execution execution) {
        return configure(input, execution, false);
    }

    /**
     * Allocates everything for one input shape.
     *
     * @param input shape of the input
     * @param execution threads, kernels, and whether a backward pass is wanted
     * @param inputGradient whether {@link #backward} gives the gradient to the input
     * @return shape of the output
     * @throws ShapeException naming the layer, the shape it got and the shape it needs
     */
    public final Shape configure(Shape input, Execution execution, boolean inputGradient) {
        Shape output = infer(input);
        allocate(input, output, execution, inputGradient && execution.gradients());
        inputShape = input;
        outputShape = output;
        gradients = execution.gradients();
        return output;
    }

    /**
     * Computes the output.
     *
     * @param x input of the configured shape; it must stay unchanged until the backward pass is over
     * @param phase training or inference
     * @return the output, in a buffer that the next call overwrites
     * @throws IllegalStateException if the layer is not configured, or for training without gradients
     * @throws ShapeException if x has another shape than the configured one
     */
    public final Tensor forward(Tensor x, Phase phase) {
        requireShape("x", x.shape(), inputShape);
        if (phase == Phase.TRAINING && !gradients) {
            throw new IllegalStateException(label() + ": given a training pass, needed a configuration with gradients");
        }
        return compute(x, phase);
    }

    /**
     * Computes the gradients, for the last forward pass in {@link Phase#TRAINING}.
     *
     * @param dy gradient of the loss to the output; it may be overwritten
     * @return gradient to the input in a buffer that the next call overwrites, or null if it was not
     *     asked for; the gradients of the parameters are overwritten
     * @throws IllegalStateException if the layer is not configured for gradients
     * @throws ShapeException if dy has another shape than the output
     */
    public final Tensor backward(Tensor dy) {
        requireShape("dy", dy.shape(), outputShape);
        if (!gradients) {
            throw new IllegalStateException(label() + ": given a backward pass, needed a configuration with gradients");
        }
        return propagate(dy);
    }

    private void requireShape(String argument, Shape given, Shape needed) {
        if (needed == null) {
            throw new IllegalStateException(label() + ": given " + argument + " " + given
                    + ", needed configure(shape, execution) first");
        }
        if (!given.equals(needed)) {
            throw refuse(argument, given, needed);
        }
    }

    /**
     * Gives every parameter its first values and every random source its seed.
     *
     * @param seed equal seeds give equal models
     * @return this
     */
    public final Layer initialise(long seed) {
        initialise(new SeededRandom(seed));
        return this;
    }

    private void initialise(SeededRandom source) {
        own().forEach(parameter -> parameter.initialise(source));
        if (random() != null) {
            random().restore(source.nextLong());
        }
        children().values().forEach(child -> child.initialise(source));
        uncalled().values().forEach(child -> child.initialise(source));
    }

    /**
     * The learned parameters of the layers that are called, by full name such as {@code conv1.weight}.
     *
     * @return a new map, in order
     */
    public final Map<String, Parameter> parameters() {
        Map<String, Parameter> all = new LinkedHashMap<>();
        collect("", all, false);
        all.values().removeIf(parameter -> !parameter.isLearned());
        return all;
    }

    /**
     * Everything worth saving: parameters and statistics, declared layers included, by full name.
     *
     * @return a new map, in order
     */
    public final Map<String, Parameter> state() {
        Map<String, Parameter> all = new LinkedHashMap<>();
        collect("", all, true);
        return all;
    }

    private void collect(String prefix, Map<String, Parameter> into, boolean declared) {
        own().forEach(parameter -> into.put(prefix + parameter.name(), parameter));
        children().forEach((name, child) -> child.collect(prefix + name + ".", into, declared));
        if (declared) {
            uncalled().forEach((name, child) -> child.collect(prefix + name + ".", into, true));
        }
    }

    /**
     * The random sources of the layers that are called, by path.
     *
     * @return a new map, in order
     */
    public final Map<String, SeededRandom> randomSources() {
        Map<String, SeededRandom> all = new LinkedHashMap<>();
        collectRandom("", all);
        return all;
    }

    private void collectRandom(String prefix, Map<String, SeededRandom> into) {
        if (random() != null) {
            into.put(prefix + "random", random());
        }
        children().forEach((name, child) -> child.collectRandom(prefix + name + ".", into));
    }

    /** {@return the dotted path inside the model, empty for the model itself} */
    public final String path() {
        return path;
    }

    /**
     * Names this layer inside its container, and its children after it.
     *
     * @param dotted the path
     */
    protected final void attach(String dotted) {
        path = dotted;
        String prefix = dotted.isEmpty() ? "" : dotted + ".";
        children().forEach((name, child) -> child.attach(prefix + name));
        uncalled().forEach((name, child) -> child.attach(prefix + name));
    }

    /** {@return path and type, as errors name the layer} */
    protected final String label() {
        return path.isEmpty() ? type() : path + " (" + type() + ")";
    }

    /**
     * A refusal in the common form.
     *
     * @param argument what was refused
     * @param given what it was
     * @param needed what it should have been
     * @return the exception to throw
     */
    protected final ShapeException refuse(String argument, Object given, Object needed) {
        return new ShapeException(label() + " " + argument + ": given " + given + ", needed " + needed);
    }

    /**
     * Refuses anything but an image batch.
     *
     * @param input the shape
     * @param channels needed channels, or 0 for any
     */
    protected final void requireImages(Shape input, int channels) {
        if (input.rank() != 4 || channels > 0 && input.extent(1) != channels) {
            throw refuse("input", input, "[N, " + (channels > 0 ? channels : "C") + ", H, W]");
        }
    }

    @Override
    public String toString() {
        return label();
    }
}
