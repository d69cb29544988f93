package coordconv.layers;

import coordconv.kernels.TensorLayout;
import coordconv.layers.internal.Lists;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A function with parameters over fixed input shapes, forward and backward.
 *
 * <p>A layer is made, {@link #initialise initialised} and then {@link #configure configured} for its
 * input shapes, which allocates every buffer; after that {@link #forward} and {@link #backward}
 * allocate nothing. It may be configured again for other shapes: the parameters stay. An instance
 * holds the state of one pass, so one thread uses it at a time; calls of two that overlap are refused, and after
 * them every call until the layer is configured again. A {@link Predictor} serves many threads.
 *
 * <p>A layer has one or more inputs and one or more outputs. Most have one of each and extend
 * {@link UnaryLayer}, whose methods take a single shape and tensor; a layer with several, such as
 * {@link coordconv.layers.merging.Add} or {@link Graph}, extends this class. Its tensors obey these rules:
 * <ul>
 * <li>inputs are read, never written, and stay unchanged until the backward pass is over;
 * <li>an output is a buffer of the layer's own, or an input itself or a view of one; a layer that says by {@link #outputMemory}
 *     where it lies shares memory with the other values of its network;
 * <li>each gradient that the backward pass is given belongs to the layer, which may overwrite it and hand it on;
 * <li>each gradient that it gives belongs to whoever gets it: no two of them share memory, for they are
 *     overwritten and added to in turn.
 * </ul>
 */
public abstract class Layer {
    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    /** A bit beside that of a run: two threads met, and nothing here can be trusted until it is configured again. */
    private static final int MISUSED = 2;
    private static final VarHandle USE;

    static {
        try {
            USE = MethodHandles.lookup().findVarHandle(Layer.class, "use", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private String path = "";
    private List<Shape> inputShapes;
    private List<Shape> outputShapes;
    private TensorLayout inputLayout = TensorLayout.NCHW;
    private TensorLayout outputLayout = TensorLayout.NCHW;
    private boolean gradients;
    private boolean[] inputGradients;
    private long configurations;
    private long passes;
    private boolean trained;
    private boolean valuesGiven;
    private Layer container;
    /** What its network lends it for its output, until {@link #allocate} takes it. */
    private Tensor lent;
    private int outputPitch;
    private int outputOffset;
    /** What a profile counts the passes with, else null. */
    private LayerClock clock;
    @SuppressWarnings("unused") // read and written through USE
    private volatile int use;
    private Tensor[] onlyInput = new Tensor[1];
    private Tensor[] onlyGradient = new Tensor[1];

    /** For subclasses. */
    protected Layer() {}

    /** {@return the name of this kind of layer, as tables and errors print it} */
    public abstract String type();

    /** {@return the number of outputs} */
    public int outputCount() {
        return 1;
    }

    /**
     * The output shapes for some input shapes.
     *
     * @param inputs one for each input, as many as the caller has; never null
     * @return the output shapes, {@link #outputCount} of them
     * @throws ShapeException made by {@link #refuse}
     */
    protected abstract List<Shape> infer(List<Shape> inputs);

    /**
     * Makes buffers and plans.
     *
     * @param inputs shapes of the inputs
     * @param outputs shapes of the outputs
     * @param execution threads and kernels, and whether a backward pass is wanted
     * @param inputGradients for each input, whether the backward pass gives a gradient to it
     */
    protected abstract void allocate(List<Shape> inputs, List<Shape> outputs, Execution execution,
                                     boolean[] inputGradients);

    /**
     * Computes the outputs.
     *
     * @param inputs of the configured shapes, unchanged until the backward pass; the array itself is the
     *     caller's and may hold other tensors after this call
     * @param phase training or inference
     * @return the outputs, in an array that this layer reuses
     */
    protected abstract Tensor[] compute(Tensor[] inputs, Phase phase);

    /**
     * Computes parameter gradients (overwritten, not added to) and the gradients to the inputs.
     *
     * @param dy gradients to the outputs; this layer may overwrite them
     * @return a gradient for each input, null where it was not wanted, in an array that this layer reuses;
     *     no two of them share memory
     */
    protected abstract Tensor[] propagate(Tensor[] dy);

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

    /** {@return whether the output is the sum of the inputs, and nothing else} */
    protected boolean isSum() {
        return false;
    }

    /**
     * Takes over, for inference, the sum of its output and of another tensor, into which it adds from the next configuration
     * on; {@link #addInto} gives it that tensor. Called after {@link #absorb}, if that took nothing but normalisation.
     *
     * @param following the layers after the sum
     * @return how many of those this layer computes as well, or -1 if it does not take the sum over
     */
    protected int absorbSum(List<Layer> following) {
        return -1;
    }

    /**
     * Says what the next pass adds into, for a layer that has taken a sum over.
     *
     * @param sum of the output's shape and layout; it is the output of the pass
     */
    protected void addInto(Tensor sum) {
        throw new IllegalStateException(label() + ": given a tensor to add into, needed a layer that took a sum over");
    }

    /** {@return what a pass of the configured layer computes, multiply-adds counted as two; 0 where they are not counted} */
    protected double flops() {
        return 0;
    }

    /** {@return how the configured layer computes, for people; empty where there is one way alone} */
    protected String algorithm() {
        return "";
    }

    /**
     * In which memory layouts this layer computes, for inference. {@link #allocate} finds in {@link #inputLayout} and
     * {@link #outputLayout} what was decided.
     *
     * @return {@link LayoutSupport#NCHW}, unless a subclass says otherwise
     */
    protected LayoutSupport layouts() {
        return LayoutSupport.NCHW;
    }

    /** {@return how the floats of its inputs lie that are images} */
    protected final TensorLayout inputLayout() {
        return inputLayout;
    }

    /** {@return how it has to lay the floats of its outputs that are images} */
    protected final TensorLayout outputLayout() {
        return outputLayout;
    }

    /**
     * {@return a shape in the order in which the floats of inputs lie: [N, H, W, C] for images with channels side by side}
     *
     * @param shape of an input or of an output that lies as the inputs do
     */
    protected final Shape inMemory(Shape shape) {
        return inputLayout == TensorLayout.NCHW || shape.rank() != 4 ? shape
                : Shape.of(shape.extent(0), shape.extent(2), shape.extent(3), shape.extent(1));
    }

    /**
     * {@return where an axis of images comes in the order of {@link #inMemory}}
     *
     * @param axis 0 for the batch, 1 for the channels and so on
     */
    protected final int axisInMemory(int axis) {
        return inputLayout == TensorLayout.NCHW || axis == 0 ? axis : axis == 1 ? 3 : axis - 1;
    }

    /** {@return where the outputs of an inference lie: {@link OutputMemory#OWN}, unless a subclass with one output says otherwise} */
    protected OutputMemory outputMemory() {
        return OutputMemory.OWN;
    }

    /**
     * The tensor for the output of the passes to come, called once by {@link #allocate} of a layer with one output: lent by its
     * network if that plans its inference and {@link #outputMemory} is {@link OutputMemory#LENT} or
     * {@link OutputMemory#SLICE}, else new.
     *
     * @param shape of the output
     * @return a tensor that holds anything
     */
    protected final Tensor outputBuffer(Shape shape) {
        if (lent == null || !lent.shape().equals(shape)) {
            return Tensor.zeros(shape);
        }
        Tensor buffer = lent;
        lent = null;
        return buffer;
    }

    /** Lends this layer a tensor for its output, or none, for the next configuration in a container. */
    final void lend(Tensor output) {
        lent = output;
        outputPitch = output == null ? 0 : output.pitch();
        outputOffset = output == null ? 0 : output.data().length - Math.toIntExact(output.region().length());
    }

    /** {@return floats from one pixel of an output in NHWC to the next, 0 for pixels without a gap; {@link OutputMemory#SLICE} has others} */
    protected final int outputPitch() {
        return outputPitch;
    }

    /** {@return floats before the first of an output in its array, 0 unless it is a {@link OutputMemory#SLICE} of a larger one} */
    protected final int outputOffset() {
        return outputOffset;
    }

    /**
     * {@return whether the output is the channels of the inputs, one behind the other, and nothing else} Inputs over the array of
     * the output lie where they belong.
     */
    protected boolean joinsChannels() {
        return false;
    }

    /** Decides the layouts for the next configuration in a container. */
    final void arrange(TensorLayout inputs, TensorLayout outputs) {
        inputLayout = inputs;
        outputLayout = outputs;
    }

    /** {@return the layers that a container calls and how they are connected, or null for a layer that is none} */
    Wiring wiring() {
        return null;
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
     * @param inputs shapes of its inputs, which it takes
     * @return one row, unless a subclass says otherwise
     */
    protected List<LayerRow> summarise(List<Shape> inputs) {
        return List.of(LayerRow.of(path, type(), inputs, outputShapes(inputs), parameters()));
    }

    /**
     * The summary rows of this layer; nothing is allocated.
     *
     * @param inputs shapes of its inputs
     * @return a row for each layer, in the order in which they are called
     * @throws ShapeException naming the layer, the shapes it got and the shapes it needs
     */
    public final List<LayerRow> rows(List<Shape> inputs) {
        List<Shape> copied = Lists.copy("inputs", inputs);
        infer(copied);
        return summarise(copied);
    }

    /**
     * The summary rows of a layer with one input; nothing is allocated.
     *
     * @param input shape of its input
     * @return a row for each layer, in the order in which they are called
     * @throws ShapeException naming the layer, the shape it got and the shape it needs
     */
    public final List<LayerRow> rows(Shape input) {
        return rows(List.of(Objects.requireNonNull(input, "input")));
    }

    /**
     * The output shapes for some input shapes; nothing is allocated.
     *
     * @param inputs shapes of the inputs
     * @return shapes of the outputs
     * @throws ShapeException naming the layer, the shapes it got and the shapes it needs
     */
    public final List<Shape> outputShapes(List<Shape> inputs) {
        return infer(Lists.copy("inputs", inputs));
    }

    /**
     * The output shape of a layer with one input and one output; nothing is allocated.
     *
     * @param input shape of the input
     * @return shape of the output
     * @throws ShapeException naming the layer, the shape it got and the shape it needs
     * @throws IllegalStateException if it has several outputs
     */
    public final Shape outputShape(Shape input) {
        requireOneOutput();
        return outputShapes(List.of(Objects.requireNonNull(input, "input"))).getFirst();
    }

    /**
     * Allocates everything for one input shape, without a gradient to the input.
     *
     * @param input shape of the input
     * @param execution threads, kernels, and whether a backward pass is wanted
     * @return shape of the output
     * @throws ShapeException naming the layer, the shape it got and the shape it needs
     * @throws IllegalStateException if it has several outputs
     */
    public final Shape configure(Shape input, Execution execution) {
        return configure(input, execution, false);
    }

    /**
     * Allocates everything for one input shape.
     *
     * @param input shape of the input
     * @param execution threads, kernels, and whether a backward pass is wanted
     * @param inputGradient whether {@link #backward(Tensor)} gives the gradient to the input
     * @return shape of the output
     * @throws ShapeException naming the layer, the shape it got and the shape it needs
     * @throws IllegalStateException if it has several outputs
     */
    public final Shape configure(Shape input, Execution execution, boolean inputGradient) {
        requireOneOutput();
        return configure(List.of(Objects.requireNonNull(input, "input")), execution, inputGradient).getFirst();
    }

    /**
     * Allocates everything for some input shapes.
     *
     * @param inputs shapes of the inputs
     * @param execution threads, kernels, and whether a backward pass is wanted
     * @param inputGradients whether {@link #backward(Tensor[])} gives gradients to the inputs
     * @return shapes of the outputs
     * @throws ShapeException naming the layer, the shapes it got and the shapes it needs
     */
    public final List<Shape> configure(List<Shape> inputs, Execution execution, boolean inputGradients) {
        List<Shape> copied = Lists.copy("inputs", inputs);
        boolean[] wanted = new boolean[copied.size()];
        Arrays.fill(wanted, inputGradients && execution.gradients());
        return configure(copied, execution, wanted, true);
    }

    /** Configures without forgetting what was absorbed just now. */
    final List<Shape> configureInContainer(List<Shape> inputs, Execution execution, boolean[] inputGradients) {
        return configure(inputs, execution, inputGradients, false);
    }

    private List<Shape> configure(List<Shape> inputs, Execution execution, boolean[] inputGradients, boolean alone) {
        List<Shape> outputs = infer(inputs);
        int before = use;
        if ((before & RUNNING) != 0 || !USE.compareAndSet(this, before, RUNNING)) {
            throw usedByTwo();
        }
        try {
            if (alone) {
                // What it absorbed, and how its images lie, belong to a configuration by its container.
                absorb(List.of());
                arrange(TensorLayout.NCHW, TensorLayout.NCHW);
                lend(null);
            }
            // Should it fail half-way, no pass may run on what there is.
            inputShapes = null;
            trained = false;
            configurations++;
            allocate(inputs, outputs, execution, inputGradients);
            if (lent != null) {
                throw new IllegalStateException(label() + ": given a buffer for its output that it did not take, needed a call of "
                        + "outputBuffer in allocate with the output's shape, or an outputMemory of OWN");
            }
            inputShapes = inputs;
            outputShapes = outputs;
            this.inputGradients = inputGradients;
            gradients = execution.gradients();
        } finally {
            lent = null;
            leave();
        }
        return outputs;
    }

    /**
     * Copies this layer for a {@link Predictor}, each of whose callers runs a copy of its own.
     *
     * <p>Every field is copied as it is, if the class says by implementing {@link Cloneable} that this will do: whatever a
     * pass writes to is made anew by {@link #allocate}. A class with parameters overrides this and puts what
     * {@code parameters} gives for each into the copy; a class with children copies those, too.
     *
     * @param parameters gives what stands for a parameter in the copy
     * @return a layer of this class, not configured, that computes the same
     * @throws IllegalArgumentException naming this layer, if its class does not implement Cloneable
     */
    protected Layer replica(UnaryOperator<Parameter> parameters) {
        Layer copy;
        try {
            copy = (Layer) clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalArgumentException("layer " + label() + ": given " + getClass().getName()
                    + ", which cannot be copied, needed a class that implements Cloneable, or one that overrides replica", e);
        }
        copy.container = null;
        copy.inputShapes = null;
        copy.trained = false;
        copy.clock = null;
        copy.lent = null;
        copy.use = IDLE;
        copy.onlyInput = new Tensor[1];
        copy.onlyGradient = new Tensor[1];
        return copy;
    }

    /**
     * A copy that shares no parameter with a layer and no child but those it was told to.
     *
     * @param parameters gives the same for the same
     */
    static Layer copyOf(Layer layer, UnaryOperator<Parameter> parameters) {
        Layer copy = layer.replica(parameters);
        boolean right = copy != layer && copy.getClass() == layer.getClass() && copy.own().size() == layer.own().size();
        for (int i = 0; right && i < layer.own().size(); i++) {
            right = copy.own().get(i).equals(parameters.apply(layer.own().get(i)));
        }
        for (Layer child : layer.children().values()) {
            right = right && !copy.children().containsValue(child);
        }
        if (!right) {
            throw new IllegalArgumentException("layer " + layer.label() + ": given a copy of " + layer.getClass().getName()
                    + " that shares parameters or children with it, needed an override of replica that replaces them");
        }
        return copy;
    }

    static Map<String, Layer> copies(Map<String, Layer> layers, UnaryOperator<Parameter> parameters) {
        Map<String, Layer> copies = new LinkedHashMap<>();
        for (Map.Entry<String, Layer> entry : layers.entrySet()) {
            copies.put(entry.getKey(), copyOf(entry.getValue(), parameters));
        }
        return copies;
    }

    /** {@return a copy with parameters of its own, which no gradient belongs to; no other thread may use this one meanwhile} */
    final Layer snapshot() {
        requireInitialised();
        enter();
        try {
            Map<Parameter, Parameter> copies = new IdentityHashMap<>();
            return copyOf(this, parameter -> copies.computeIfAbsent(parameter, Parameter::frozen));
        } finally {
            leave();
        }
    }

    private void enter() {
        if (!USE.compareAndSet(this, IDLE, RUNNING)) {
            throw usedByTwo();
        }
    }

    private void leave() {
        if ((int) USE.getAndBitwiseAnd(this, MISUSED) != RUNNING) {
            throw usedByTwo();
        }
    }

    private IllegalStateException usedByTwo() {
        USE.getAndBitwiseOr(this, MISUSED);
        return new IllegalStateException(label() + ": given calls of two threads at once, needed one thread at a time: "
                + "give each thread a network of its own, or all of them one Predictor; then configure this one again");
    }

    /** Counts the passes from now on; null to stop. */
    final void time(LayerClock counting) {
        clock = counting;
    }

    /** {@return what a profile tells of this layer, configured} */
    final NetworkProfile.Row profiled(LayerClock counted) {
        int runs = counted.runs();
        List<Shape> read = ofAllRuns(inputShapes, runs);
        List<Shape> written = ofAllRuns(outputShapes, runs);
        long floats = own().stream().mapToLong(parameter -> parameter.shape().elements()).sum();
        for (List<Shape> shapes : List.of(read, written)) {
            floats += shapes.stream().mapToLong(Shape::elements).sum();
        }
        return new NetworkProfile.Row(path, type(), read, written, counted.milliseconds(), runs * flops(), Float.BYTES * floats,
                algorithm());
    }

    /** A layer that runs several times a pass sees a part of the batch each time. */
    private static List<Shape> ofAllRuns(List<Shape> shapes, int runs) {
        return runs == 1 ? shapes : shapes.stream().map(shape -> shape.withBatch(runs * shape.batch())).toList();
    }

    /** {@return the memory of what a pass writes, configured without gradients} */
    final long activationBytes() {
        return wiring() == null ? bytes(outputShapes) : Float.BYTES * wiring().plan().buffers().floats();
    }

    /** {@return the most of that memory that is needed at a time} */
    final long leastActivationBytes() {
        return wiring() == null ? bytes(outputShapes) : Float.BYTES * wiring().plan().buffers().leastFloats();
    }

    private static long bytes(List<Shape> shapes) {
        return Float.BYTES * shapes.stream().mapToLong(Shape::elements).sum();
    }

    /** {@return how often this layer was configured, by which whoever did so knows whether it still is as he left it} */
    public final long configurations() {
        return configurations;
    }

    /** {@return how many forward passes were begun, by which a container knows that the last was its own} */
    final long passes() {
        return passes;
    }

    /**
     * Computes the output of a layer with one input and one output.
     *
     * @param x input of the configured shape; it must stay unchanged until the backward pass is over
     * @param phase training or inference
     * @return the output, in a buffer that the next call overwrites
     * @throws IllegalStateException if the layer is not configured or has parameters without values, for training
     *     without gradients, if another thread is in a call of this layer, or if it has several outputs
     * @throws ShapeException if x has another shape than the configured one
     */
    public final Tensor forward(Tensor x, Phase phase) {
        requireOneOutput();
        enter();
        try {
            onlyInput[0] = x;
            return pass(onlyInput, phase)[0];
        } finally {
            leave();
        }
    }

    /**
     * Computes the outputs.
     *
     * @param inputs tensors of the configured shapes; they must stay unchanged until the backward pass is over
     * @param phase training or inference
     * @return the outputs, in buffers and an array that the next call overwrites
     * @throws IllegalStateException if the layer is not configured or has parameters without values, for training
     *     without gradients, or if another thread is in a call of this layer
     * @throws ShapeException if an input has another shape than the configured one
     */
    public final Tensor[] forward(Tensor[] inputs, Phase phase) {
        enter();
        try {
            return pass(inputs, phase);
        } finally {
            leave();
        }
    }

    private Tensor[] pass(Tensor[] inputs, Phase phase) {
        Objects.requireNonNull(phase, "phase");
        requireShapes("x", inputs, inputShapes);
        if (phase == Phase.TRAINING && !gradients) {
            throw new IllegalStateException(label() + ": given a training pass, needed a configuration with gradients");
        }
        if (!valuesGiven) {
            requireValues(own());
            valuesGiven = true;
        }
        passes++;
        trained = false;
        long start = clock == null ? 0 : System.nanoTime();
        Tensor[] outputs = compute(inputs, phase);
        if (clock != null) {
            clock.add(System.nanoTime() - start);
        }
        trained = phase == Phase.TRAINING;
        return outputs;
    }

    /**
     * Refuses a network that nobody gave values to, whose parameters are all zero.
     *
     * @throws IllegalStateException naming the first parameter that was neither initialised nor loaded
     */
    public final void requireInitialised() {
        requireValues(own());
        children().values().forEach(Layer::requireInitialised);
    }

    private void requireValues(List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            if (!parameter.isInitialised()) {
                throw new IllegalStateException(label() + " " + parameter.name()
                        + ": given no values, needed initialise(seed) or loaded weights first");
            }
        }
    }

    /**
     * Computes the gradients of a layer with one input and one output, for the last forward pass, which must have
     * been one in {@link Phase#TRAINING}.
     *
     * @param dy gradient of the loss to the output; it may be overwritten
     * @return gradient to the input in a buffer that the next call overwrites, or null if it was not
     *     asked for; the gradients of the parameters are overwritten
     * @throws IllegalStateException if the layer is not configured for gradients, if the last pass since then was
     *     none in training, if another thread is in a call of this layer, or if it has several outputs
     * @throws ShapeException if dy has another shape than the output
     */
    public final Tensor backward(Tensor dy) {
        requireOneOutput();
        enter();
        try {
            if (inputShapes != null && inputShapes.size() != 1) {
                throw new IllegalStateException(label() + ": given a call for one input, needed one for its "
                        + inputShapes.size() + " inputs");
            }
            onlyGradient[0] = dy;
            return passBack(onlyGradient)[0];
        } finally {
            leave();
        }
    }

    /**
     * Computes the gradients, for the last forward pass, which must have been one in {@link Phase#TRAINING}.
     *
     * @param dy gradient of the loss to each output, no two over the same memory; they may be overwritten
     * @return gradients to the inputs, in buffers and an array that the next call overwrites, null where they
     *     were not asked for; the gradients of the parameters are overwritten
     * @throws IllegalStateException if the layer is not configured for gradients, if the last pass since then was
     *     none in training, or if another thread is in a call of this layer
     * @throws ShapeException if a gradient has another shape than its output
     */
    public final Tensor[] backward(Tensor[] dy) {
        enter();
        try {
            return passBack(dy);
        } finally {
            leave();
        }
    }

    private Tensor[] passBack(Tensor[] dy) {
        requireShapes("dy", dy, outputShapes);
        if (!gradients) {
            throw new IllegalStateException(label() + ": given a backward pass, needed a configuration with gradients");
        }
        if (!trained) {
            throw new IllegalStateException(label() + ": given a backward pass, needed a forward pass in training as the "
                    + "last one since the configuration");
        }
        Tensor[] dx = propagate(dy);
        for (int i = 0; i < dx.length; i++) {
            if (!inputGradients[i]) {
                dx[i] = null;
            }
        }
        return dx;
    }

    private void requireOneOutput() {
        if (outputCount() != 1) {
            throw new IllegalStateException(label() + ": given a call for one output, needed one for its "
                    + outputCount() + " outputs");
        }
    }

    private void requireShapes(String argument, Tensor[] given, List<Shape> needed) {
        if (needed == null) {
            throw new IllegalStateException(label() + ": given " + argument + " " + Arrays.toString(given)
                    + ", needed configure(shape, execution) first");
        }
        if (given.length != needed.size()) {
            throw refuse(argument, given.length + " tensors", needed.size());
        }
        for (int i = 0; i < given.length; i++) {
            if (given[i] == null) {
                throw new NullPointerException(label() + " " + argument + ": given null, needed a tensor " + needed.get(i));
            }
            if (!given[i].shape().equals(needed.get(i))) {
                throw refuse(given.length == 1 ? argument : argument + "[" + i + "]", given[i].shape(), needed.get(i));
            }
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
        Map<String, Parameter> learned = new LinkedHashMap<>();
        for (Map.Entry<String, Parameter> entry : all.entrySet()) {
            if (entry.getValue().isLearned()) {
                learned.put(entry.getKey(), entry.getValue());
            }
        }
        return learned;
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
        for (Parameter parameter : own()) {
            into.put(prefix + parameter.name(), parameter);
        }
        collect(children(), prefix, into, declared);
        if (declared) {
            collect(uncalled(), prefix, into, true);
        }
    }

    private static void collect(Map<String, Layer> layers, String prefix, Map<String, Parameter> into, boolean declared) {
        for (Map.Entry<String, Layer> entry : layers.entrySet()) {
            entry.getValue().collect(prefix + entry.getKey() + ".", into, declared);
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
     * Names this layer inside its container, and its children after it, which belong to this layer from now on.
     *
     * @param dotted the path
     * @throws IllegalArgumentException naming a child that belongs to another container
     */
    protected final void attach(String dotted) {
        requireFree(children());
        requireFree(uncalled());
        path = dotted;
        own(children());
        own(uncalled());
    }

    private void requireFree(Map<String, Layer> layers) {
        for (Map.Entry<String, Layer> entry : layers.entrySet()) {
            requireFree(entry.getKey(), entry.getValue());
        }
    }

    private void own(Map<String, Layer> layers) {
        for (Map.Entry<String, Layer> entry : layers.entrySet()) {
            own(entry.getKey(), entry.getValue());
        }
    }

    private void requireFree(String name, Layer child) {
        if (child.container != null && child.container != this) {
            throw new IllegalArgumentException("layer " + name + ": given the instance that is " + child.path
                    + " of another " + child.container.type() + ", needed a layer of its own");
        }
    }

    private void own(String name, Layer child) {
        child.container = this;
        child.attach(path.isEmpty() ? name : path + "." + name);
    }

    /** {@return path and type, as errors name the layer} */
    protected final String label() {
        return path.isEmpty() ? type() : path + " (" + type() + ")";
    }

    /**
     * Refuses another number of inputs.
     *
     * @param inputs the inputs
     * @param least how many are needed
     * @param most how many it can take
     * @throws ShapeException if there are fewer or more
     */
    protected final void requireInputs(List<Shape> inputs, int least, int most) {
        if (inputs.size() < least || inputs.size() > most) {
            throw refuse("inputs", inputs.size() + " of " + inputs,
                    least == most ? least : most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most);
        }
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
