package coordconv.layers;

import coordconv.kernels.KernelInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A network that any number of threads may run at a time: for serving.
 *
 * {@snippet :
 * Predictor predictor = Predictor.of(network, Execution.INFERENCE);
 * Tensor y = predictor.predict(images);          // from any thread, for any batch and image size that the network takes
 * }
 *
 * <p>It holds the network's parameters as they were when it was made, and gives the results that the network's own
 * inference gave then, to the last bit. All callers read one copy of the weights, packed once for all batch sizes.
 * What a call writes to, it borrows and gives back: buffers for the shapes that were used last, for as many callers
 * as run at once. A call whose shapes and whose number of callers have been seen before allocates nothing but the
 * tensors that it returns; those that take tensors for the results allocate nothing.
 *
 * <p>A {@link Graph} names its inputs and outputs; other networks have one of each, named {@code x} and {@code y}.
 */
public final class Predictor {
    /** Calls of a warm-up at the most. */
    private static final int MOST_CALLS = 200;
    /** A warm-up ends after so many calls in a row without one that took a {@link #LEAST_GAIN}th less than all before. */
    private static final int CALLS_WITHOUT_GAIN = 10;
    private static final int LEAST_GAIN = 20;
    /** Each pass of a profile takes some bytes a layer. */
    private static final int MOST_PASSES = 1_000_000;

    private final Layer prototype;
    private final Execution execution;
    private final List<String> inputs;
    private final List<String> outputs;
    private final String[] inputNames;
    private final String[] outputNames;
    private final int mostImages;
    private final int mostShapes;
    private final int mostCallers;

    /** Guards what follows. */
    private final Object lock = new Object();
    private final List<Slot> slots = new ArrayList<>();
    private final Call[] idleCalls;
    private int idle;
    private int running;
    private long clock;

    /** The tensors of one call. */
    private static final class Call {
        final Tensor[] x;
        final Tensor[] y;

        Call(int inputs, int outputs) {
            x = new Tensor[inputs];
            y = new Tensor[outputs];
        }
    }

    /** A copy of the network with buffers for some input shapes; those of its inputs are null if it copies them itself. */
    private record Replica(Layer network, Tensor[] x, List<Shape> outputShapes) {}

    /** The copies for some input shapes that nobody runs at the moment. */
    private static final class Slot {
        final Shape[] shapes;
        /** Copies of it share its plans. */
        final Replica first;
        final Replica[] idle;
        int count;
        long used;

        Slot(Shape[] shapes, Replica first, int room) {
            this.shapes = shapes;
            this.first = first;
            idle = new Replica[room];
        }
    }

    private Predictor(Builder builder) {
        execution = builder.execution;
        mostImages = builder.images;
        mostShapes = builder.shapes;
        mostCallers = builder.callers;
        if (builder.network instanceof Graph graph) {
            inputs = graph.inputs().stream().map(Graph.Value::source).toList();
            outputs = List.copyOf(graph.outputs().keySet());
        } else {
            inputs = List.of("x");
            outputs = List.of("y");
        }
        inputNames = inputs.toArray(String[]::new);
        outputNames = outputs.toArray(String[]::new);
        prototype = builder.network.snapshot();
        idleCalls = new Call[mostCallers];
    }

    /**
     * A predictor without a limit on the batch, for as many callers at once as there are processors.
     *
     * @param network as {@link #builder} takes it
     * @param execution threads of one call and kernels; without gradients
     * @return the predictor
     */
    public static Predictor of(Layer network, Execution execution) {
        return builder(network).execution(execution).build();
    }

    /**
     * Starts a predictor.
     *
     * @param network initialised or loaded, and used by no other thread until the predictor is made: a {@link Graph}, or a
     *     {@link Sequential} or another layer with one input and one output. Its parameters are copied
     * @return a builder
     * @throws IllegalArgumentException if it is a layer of several inputs or outputs, but no graph
     */
    public static Builder builder(Layer network) {
        Objects.requireNonNull(network, "network");
        if (!(network instanceof Graph || network instanceof UnaryLayer)) {
            throw new IllegalArgumentException("network: given " + network.type() + ", needed a Graph, which names its inputs and "
                    + "outputs, or a layer with one of each");
        }
        return new Builder(network);
    }

    /** {@return the names of the inputs, in order} */
    public List<String> inputs() {
        return inputs;
    }

    /** {@return the names of the outputs, in order} */
    public List<String> outputs() {
        return outputs;
    }

    /**
     * The output shapes for some input shapes; nothing is allocated.
     *
     * @param shapes by the names of the inputs
     * @return by the names of the outputs, in order
     * @throws ShapeException if the network does not take them
     */
    public Map<String, Shape> outputShapes(Map<String, Shape> shapes) {
        List<Shape> given = new ArrayList<>();
        for (String name : inputNames) {
            given.add(named("inputs", shapes, name));
        }
        requireNoOthers("inputs", shapes, given.size(), inputs);
        List<Shape> results = prototype.outputShapes(given);
        Map<String, Shape> byName = new LinkedHashMap<>();
        for (int k = 0; k < outputNames.length; k++) {
            byName.put(outputNames[k], results.get(k));
        }
        return byName;
    }

    /**
     * Computes the only output of a network with one input.
     *
     * @param x the input
     * @return the output, the caller's own
     * @throws ShapeException if the network does not take an input of this shape
     * @throws IllegalArgumentException if the batch is larger than {@link Builder#images}
     * @throws IllegalStateException if the network has several inputs or outputs
     */
    public Tensor predict(Tensor x) {
        requireOneEach();
        Call call = begin();
        try {
            call.x[0] = x;
            run(call, true);
            return call.y[0];
        } finally {
            end(call);
        }
    }

    /**
     * Computes the only output of a network with one input into a tensor of the caller's.
     *
     * @param x the input
     * @param y receives the output; it may be x itself
     * @throws ShapeException if the network does not take an input of this shape, or y has another one than the output;
     *     nothing has been written then
     * @throws IllegalArgumentException if the batch is larger than {@link Builder#images}
     * @throws IllegalStateException if the network has several inputs or outputs
     */
    public void predict(Tensor x, Tensor y) {
        requireOneEach();
        Call call = begin();
        try {
            call.x[0] = x;
            call.y[0] = Objects.requireNonNull(y, "y: given null, needed a tensor");
            run(call, false);
        } finally {
            end(call);
        }
    }

    /**
     * Computes all outputs.
     *
     * @param x the inputs by name
     * @return the outputs by name and in order, the caller's own
     * @throws ShapeException if the network does not take inputs of these shapes
     * @throws IllegalArgumentException if an input is missing, if one is none of the network's, or if the batch is larger
     *     than {@link Builder#images}
     */
    public Map<String, Tensor> predict(Map<String, Tensor> x) {
        Call call = begin();
        try {
            fill(call, x);
            run(call, true);
            Map<String, Tensor> byName = new LinkedHashMap<>();
            for (int k = 0; k < outputNames.length; k++) {
                byName.put(outputNames[k], call.y[k]);
            }
            return byName;
        } finally {
            end(call);
        }
    }

    /**
     * Computes outputs into tensors of the caller's.
     *
     * @param x the inputs by name
     * @param y receives outputs by name, those that are wanted
     * @throws ShapeException if the network does not take inputs of these shapes, or a tensor has another shape than its
     *     output; nothing has been written then
     * @throws IllegalArgumentException if an input is missing, if an input or output is none of the network's, or if the
     *     batch is larger than {@link Builder#images}
     */
    public void predict(Map<String, Tensor> x, Map<String, Tensor> y) {
        Call call = begin();
        try {
            fill(call, x);
            int found = 0;
            for (int k = 0; k < outputNames.length; k++) {
                call.y[k] = y.get(outputNames[k]);
                found += call.y[k] == null ? 0 : 1;
            }
            requireNoOthers("outputs", y, found, outputs);
            run(call, false);
        } finally {
            end(call);
        }
    }

    /**
     * Times each layer in passes of the network as this predictor runs it. A pass before is not timed; until the JVM
     * has compiled what it runs, in the first seconds after the first call of a shape, times are those of slower code: call it
     * again, or {@link #predict(Map, Map)} before it, until they no longer fall.
     *
     * {@snippet :
     * System.out.print(predictor.profile(Map.of("x", images), 50).table());
     * }
     *
     * @param x the inputs by name
     * @param passes how many are timed; the profile has the medians
     * @return times, arithmetic, memory and algorithm by layer
     * @throws ShapeException if the network does not take inputs of these shapes
     * @throws IllegalArgumentException if passes is below 1 or above a million, if an input is missing, if one is none of
     *     the network's, or if the batch is larger than {@link Builder#images}
     */
    public NetworkProfile profile(Map<String, Tensor> x, int passes) {
        if (passes < 1 || passes > MOST_PASSES) {
            throw new IllegalArgumentException("passes: given " + passes + ", needed 1 to " + MOST_PASSES);
        }
        Call call = begin();
        try {
            fill(call, x);
            run(call, true);
            Replica replica = borrow(call.x);
            NetworkProfile profile = NetworkProfile.of(replica.network, passes, () -> pass(replica, call));
            giveBack(replica, call.x);
            return profile;
        } finally {
            end(call);
        }
    }

    /**
     * Computes outputs of zeros until calls of these shapes are about as fast as they will be: plans the network, waits until
     * its micro-kernels are compiled, and calls it until a few calls in a row bring no better time. Nobody has to call it: until
     * then slower kernels serve. An interrupted thread does not wait for the compiler, and its flag stays set.
     *
     * @param shapes those of the inputs by name
     * @throws ShapeException if the network does not take inputs of these shapes
     * @throws IllegalArgumentException if an input is missing, if one is none of the network's, or if the batch is larger
     *     than {@link Builder#images}
     */
    public void warmUp(Map<String, Shape> shapes) {
        outputShapes(shapes);
        Map<String, Tensor> zeros = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> zeros.put(name, Tensor.zeros(shape)));
        predict(zeros);
        KernelInfo.awaitCompiled(execution.width());
        long best = Long.MAX_VALUE;
        for (int calls = 0, since = 0; calls < MOST_CALLS && since < CALLS_WITHOUT_GAIN; calls++) {
            long start = System.nanoTime();
            predict(zeros);
            long took = System.nanoTime() - start;
            since = took < best - best / LEAST_GAIN ? 0 : since + 1;
            best = Math.min(best, took);
        }
    }

    private void requireOneEach() {
        if (inputNames.length != 1 || outputNames.length != 1) {
            throw new IllegalStateException("predict: given a call for one input and one output, needed one by name for "
                    + inputs + " and " + outputs);
        }
    }

    private void fill(Call call, Map<String, Tensor> x) {
        for (int k = 0; k < inputNames.length; k++) {
            call.x[k] = named("inputs", x, inputNames[k]);
        }
        requireNoOthers("inputs", x, inputNames.length, inputs);
    }

    private static <T> T named(String argument, Map<String, T> given, String name) {
        T value = given.get(name);
        if (value == null) {
            throw new IllegalArgumentException(argument + ": given " + given.keySet() + ", needed " + name);
        }
        return value;
    }

    private static void requireNoOthers(String argument, Map<String, ?> given, int found, List<String> known) {
        if (given.size() != found) {
            throw new IllegalArgumentException(argument + ": given " + given.keySet() + ", needed tensors for names among " + known);
        }
    }

    /** Waits while as many calls run as may. */
    private Call begin() {
        boolean interrupted = false;
        synchronized (lock) {
            while (running == mostCallers) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            running++;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return idle > 0 ? idleCalls[--idle] : new Call(inputNames.length, outputNames.length);
        }
    }

    private void end(Call call) {
        Arrays.fill(call.x, null);
        Arrays.fill(call.y, null);
        synchronized (lock) {
            idleCalls[idle++] = call;
            running--;
            lock.notify();
        }
    }

    private void run(Call call, boolean makeOutputs) {
        for (int k = 0; k < inputNames.length; k++) {
            if (call.x[k] == null) {
                throw new NullPointerException(inputNames[k] + ": given null, needed a tensor");
            }
        }
        Shape first = call.x[0].shape();
        if (first.rank() > 0 && first.batch() > mostImages) {
            throw new IllegalArgumentException(inputNames[0] + ": given " + first + ", needed a batch of at most " + mostImages);
        }
        Replica replica = borrow(call.x);
        for (int k = 0; k < outputNames.length; k++) {
            Shape shape = replica.outputShapes.get(k);
            if (makeOutputs) {
                call.y[k] = Tensor.zeros(shape);
            } else if (call.y[k] != null && !call.y[k].shape().equals(shape)) {
                giveBack(replica, call.x);
                throw new ShapeException(outputNames[k] + ": given " + call.y[k].shape() + ", needed " + shape);
            }
        }
        pass(replica, call);
        // Not after an exception: what it left half-done is for the garbage collector.
        giveBack(replica, call.x);
    }

    private void pass(Replica replica, Call call) {
        // Copies, so that nothing of the caller's is kept when the call is over, unless the network makes its own.
        for (int k = 0; k < inputNames.length && replica.x != null; k++) {
            System.arraycopy(call.x[k].data(), 0, replica.x[k].data(), 0, call.x[k].data().length);
        }
        Tensor[] results = replica.network.forward(replica.x == null ? call.x : replica.x, Phase.INFERENCE);
        for (int k = 0; k < outputNames.length; k++) {
            if (call.y[k] != null) {
                System.arraycopy(results[k].data(), 0, call.y[k].data(), 0, results[k].data().length);
            }
        }
    }

    private Replica borrow(Tensor[] x) {
        Slot slot;
        synchronized (lock) {
            slot = slotOf(x);
            if (slot != null) {
                slot.used = ++clock;
                if (slot.count > 0) {
                    slot.count--;
                    return slot.idle[slot.count];
                }
            }
        }
        return make(x, slot);
    }

    private void giveBack(Replica replica, Tensor[] x) {
        synchronized (lock) {
            Slot slot = slotOf(x);
            if (slot != null && slot.count < slot.idle.length) {
                slot.idle[slot.count] = replica;
                slot.count++;
            }
        }
    }

    private static Tensor[] zeros(Shape[] shapes) {
        Tensor[] zeros = new Tensor[shapes.length];
        for (int k = 0; k < zeros.length; k++) {
            zeros[k] = Tensor.zeros(shapes[k]);
        }
        return zeros;
    }

    private Replica make(Tensor[] x, Slot slot) {
        Shape[] shapes = new Shape[x.length];
        for (int k = 0; k < x.length; k++) {
            shapes[k] = x[k].shape();
        }
        Layer network = Layer.copyOf(slot == null ? prototype : slot.first.network, UnaryOperator.identity());
        List<Shape> results = network.configure(List.of(shapes), execution, false);
        boolean copies = network.wiring() != null && network.wiring().plan().copiesInputs();
        Replica made = new Replica(network, copies ? null : zeros(shapes), results);
        synchronized (lock) {
            if (slotOf(x) == null) {
                Slot fresh = new Slot(shapes, made, mostCallers);
                fresh.used = ++clock;
                slots.add(fresh);
                if (slots.size() > mostShapes) {
                    slots.remove(leastRecentlyUsed());
                }
            }
        }
        return made;
    }

    private Slot slotOf(Tensor[] x) {
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            boolean same = true;
            for (int k = 0; same && k < x.length; k++) {
                same = slot.shapes[k].equals(x[k].shape());
            }
            if (same) {
                return slot;
            }
        }
        return null;
    }

    private Slot leastRecentlyUsed() {
        Slot oldest = slots.getFirst();
        for (Slot slot : slots) {
            oldest = slot.used < oldest.used ? slot : oldest;
        }
        return oldest;
    }

    @Override
    public String toString() {
        return "Predictor" + inputs + " -> " + outputs;
    }

    /** Collects the options. */
    public static final class Builder {
        private final Layer network;
        private Execution execution = Execution.INFERENCE;
        private int images = Integer.MAX_VALUE;
        private int shapes = 16;
        private int callers = Runtime.getRuntime().availableProcessors();

        private Builder(Layer network) {
            this.network = network;
        }

        /**
         * Sets how a call runs.
         *
         * @param how threads of one call and kernels; {@link Execution#INFERENCE} if not set
         * @return this
         * @throws IllegalArgumentException if it is one with gradients
         */
        public Builder execution(Execution how) {
            if (Objects.requireNonNull(how, "execution").gradients()) {
                throw new IllegalArgumentException("execution: given one with gradients, needed one without, such as "
                        + "Execution.INFERENCE");
            }
            execution = how;
            return this;
        }

        /**
         * Sets the largest batch: the first extent of the first input.
         *
         * @param most at least 1; larger batches are refused
         * @return this
         */
        public Builder images(int most) {
            images = positive("images", most);
            return this;
        }

        /**
         * Sets for how many input shapes, batch included, plans and buffers are kept: 16 if not set. Those of the shapes that
         * were used least recently go; packed weights stay.
         *
         * @param most at least 1
         * @return this
         */
        public Builder shapes(int most) {
            shapes = positive("shapes", most);
            return this;
        }

        /**
         * Sets how many calls may run at a time: as many as there are processors if not set. Others wait; each that runs
         * takes buffers of its own.
         *
         * @param most at least 1
         * @return this
         */
        public Builder callers(int most) {
            callers = positive("callers", most);
            return this;
        }

        private static int positive(String argument, int given) {
            if (given < 1) {
                throw new IllegalArgumentException(argument + ": given " + given + ", needed at least 1");
            }
            return given;
        }

        /**
         * Copies the parameters and makes the predictor.
         *
         * @return the predictor
         * @throws IllegalStateException naming the first parameter that was neither initialised nor loaded, or if another
         *     thread is in a call of the network
         * @throws IllegalArgumentException naming a layer whose class makes no copies of itself
         */
        public Predictor build() {
            KernelInfo.prepare(execution.width());
            return new Predictor(this);
        }
    }
}
