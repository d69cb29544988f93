package coordconv.layers;

import coordconv.kernels.KernelInfo;
import coordconv.kernels.TensorLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a network without gradients runs: its layers, those of nested containers included, in order, with four decisions that
 * no layer can make alone.
 *
 * <ul>
 * <li>A layer takes over those behind it that it can compute for less ({@link Layer#absorb}).
 * <li>Images lie between layers as their readers want them: with channels side by side where a convolution wrote them, in planes
 *     for layers that take nothing else.
 * <li>The first layers, whose images are large and whose weights are few, run on some images of the batch at a time, so that
 *     what one layer writes the next finds in the second-level cache.
 * <li>Values that are not alive at the same time lie in the same memory, and what is joined lies where it is joined
 *     ({@link Placement}).
 * </ul>
 */
final class InferencePlan {
    /** Input channels of an NCHW image up to which a convolution makes NHWC of it on the way. */
    private static final int MOST_PLANES_READ = 4;
    /** Output channels from which a convolution computes them in vectors. */
    private static final int LEAST_CHANNELS_WRITTEN = 8;
    /** Weights of the layers that run on some images at a time: they are read anew each time. */
    private static final long MOST_WEIGHT_BYTES = 512 << 10;

    private final int inputs;
    private final int[] outputs;
    private final Step[] steps;
    private final Tensor[] tensors;
    private final Tensor[] results;
    /** Steps that run on some images of the batch at a time; 0 for none. */
    private int blockSteps;
    private int blocks;
    /** The inputs of those steps, a block of images of each; null for one that they do not read. */
    private final Tensor[] ofBlock;
    /** Values of those steps that are read later, and where all images of them stand. */
    private final int[] exported;
    private final Tensor[] wholes;
    /** Whether none but those steps read inputs. */
    private final boolean copiesInputs;
    private final BufferPlan buffers;

    /** A layer that runs, and the tensors that it is called with. */
    private static final class Step {
        final Layer layer;
        final int[] reads;
        final int write;
        /** The value that it adds into, or -1. */
        final int sum;
        final long configuration;
        final Tensor[] x;

        Step(Node node) {
            layer = node.layer;
            reads = node.reads;
            write = node.write;
            sum = node.sum;
            configuration = layer.configurations();
            x = new Tensor[reads.length];
        }
    }

    /**
     * A layer that runs.
     *
     * @param layer no container
     * @param reads the values that it reads
     * @param write the first of the values that it writes
     * @param sum the value that it adds into, which then is its output, or -1
     */
    record Node(Layer layer, int[] reads, int write, int sum) {}

    /** Nodes as they will run, with their layouts, not configured yet. */
    static final class Draft {
        final List<Node> nodes = new ArrayList<>();
        final List<TensorLayout> reads = new ArrayList<>();
        final List<TensorLayout> writes = new ArrayList<>();
        final List<Shape> shapes = new ArrayList<>();
        final List<TensorLayout> layoutOf = new ArrayList<>();
        final Map<List<Object>, Integer> changed = new HashMap<>();
        final Set<Layer> layers = Collections.newSetFromMap(new IdentityHashMap<>());

        int value(Shape shape, TensorLayout layout) {
            shapes.add(shape);
            layoutOf.add(layout);
            return shapes.size() - 1;
        }

        void add(Layer layer, int[] values, int write, int sum, TensorLayout input, TensorLayout output) {
            nodes.add(new Node(layer, values, write, sum));
            layers.add(layer);
            reads.add(input);
            writes.add(output);
        }

        boolean isWrittenByConvolution(int value) {
            for (Node node : nodes) {
                if (node.write() == value && node.layer().layouts() == LayoutSupport.EACH) {
                    return true;
                }
            }
            return false;
        }

        /** {@return a value in a layout, changed to it if it is in the other} */
        int in(TensorLayout layout, int value) {
            if (layoutOf.get(value) == layout || isFree(shapes.get(value))) {
                return value;
            }
            List<Object> key = List.of(value, layout);
            Integer known = changed.get(key);
            if (known != null) {
                return known;
            }
            int made = value(shapes.get(value), layout);
            add(new LayoutChange(), new int[] {value}, made, -1, layoutOf.get(value), layout);
            changed.put(key, made);
            return made;
        }

        List<Shape> shapesOf(int[] values) {
            List<Shape> some = new ArrayList<>();
            for (int value : values) {
                some.add(shapes.get(value));
            }
            return some;
        }
    }

    /**
     * Plans a network and configures its layers.
     *
     * @param network its layers
     * @param given shapes of its inputs
     * @param execution threads and kernels
     */
    InferencePlan(Wiring network, List<Shape> given, Execution execution) {
        inputs = given.size();
        List<Node> nodes = new ArrayList<>();
        int[] counter = {inputs};
        int[] numbers = new int[inputs];
        for (int i = 0; i < inputs; i++) {
            numbers[i] = i;
        }
        int[] last = network.inline(numbers, (layer, reads) -> {
            nodes.add(new Node(layer, reads, counter[0], -1));
            counter[0] += layer.outputCount();
            return nodes.getLast().write();
        });
        Draft draft = new Draft();
        int[] place = new int[counter[0]];
        Arrays.fill(place, -1);
        for (int i = 0; i < inputs; i++) {
            place[i] = draft.value(given.get(i), TensorLayout.NCHW);
        }
        draft(nodes, last, place, draft);
        outputs = new int[last.length];
        for (int k = 0; k < outputs.length; k++) {
            outputs[k] = draft.in(TensorLayout.NCHW, place[last[k]]);
        }
        split(draft, execution);
        Placement placement = Placement.of(draft, inputs, outputs, blockSteps, blocks);
        buffers = placement.buffers();
        steps = new Step[draft.nodes.size()];
        for (int i = 0; i < steps.length; i++) {
            Node node = draft.nodes.get(i);
            int images = i < blockSteps ? blocks : 1;
            List<Shape> x = draft.shapesOf(node.reads());
            for (int k = 0; k < x.size(); k++) {
                x.set(k, part(x.get(k), images));
            }
            node.layer().arrange(draft.reads.get(i), draft.writes.get(i));
            node.layer().lend(placement.output(i));
            node.layer().configureInContainer(x, execution, new boolean[x.size()]);
            steps[i] = new Step(node);
        }
        tensors = new Tensor[draft.shapes.size()];
        results = new Tensor[outputs.length];
        ofBlock = new Tensor[inputs];
        for (int i = 0; i < inputs; i++) {
            ofBlock[i] = placement.blockOf(i);
        }
        exported = placement.exported();
        wholes = new Tensor[exported.length];
        for (int k = 0; k < wholes.length; k++) {
            wholes[k] = placement.whole(exported[k]);
        }
        boolean inputsAreRead = hasInput(outputs);
        for (int i = blockSteps; i < steps.length; i++) {
            inputsAreRead |= hasInput(steps[i].reads);
        }
        copiesInputs = !inputsAreRead;
    }

    private boolean hasInput(int[] values) {
        for (int value : values) {
            if (value < inputs) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether a pass keeps nothing of its inputs, because it works on copies of some images} */
    boolean copiesInputs() {
        return copiesInputs;
    }

    static Shape part(Shape shape, int parts) {
        return parts == 1 ? shape : shape.withBatch(shape.batch() / parts);
    }

    /** Whether both layouts of a shape are one. */
    static boolean isFree(Shape shape) {
        return shape.rank() != 4 || shape.extent(1) == 1 || shape.extent(2) * shape.extent(3) == 1;
    }

    private static void draft(List<Node> nodes, int[] outputs, int[] place, Draft draft) {
        List<List<Node>> readers = readers(nodes, place.length);
        Set<Node> absorbed = new HashSet<>();
        for (Node node : nodes) {
            if (absorbed.contains(node)) {
                continue;
            }
            List<Node> followers = followers(node, readers, outputs);
            int taken = node.layer().absorb(layers(followers));
            absorbed.addAll(followers.subList(0, taken));
            Node last = taken == 0 ? node : followers.get(taken - 1);
            Layouts layouts = layouts(node, last.write(), readers, outputs, place, draft);
            Node sum = sumInPlace(node, last, layouts.output, readers, outputs, place, draft);
            int other = -1;
            if (sum != null) {
                List<Node> behind = followers(sum, readers, outputs);
                int more = node.layer().absorbSum(layers(behind));
                if (more >= 0) {
                    absorbed.add(sum);
                    absorbed.addAll(behind.subList(0, more));
                    other = place[otherOf(sum, last.write())];
                    last = more == 0 ? sum : behind.get(more - 1);
                }
            }
            add(node, last.write(), other, layouts, place, draft);
            for (int k = 0; k < node.layer().outputCount(); k++) {
                if (isOutput(last.write() + k, outputs)) {
                    // At once, while it is in the caches; nor need it be kept until then.
                    draft.in(TensorLayout.NCHW, place[last.write() + k]);
                }
            }
        }
    }

    /** The value that a sum of two reads beside one. */
    private static int otherOf(Node sum, int value) {
        return sum.reads()[0] == value ? sum.reads()[1] : sum.reads()[0];
    }

    private static List<Layer> layers(List<Node> nodes) {
        List<Layer> layers = new ArrayList<>();
        for (Node node : nodes) {
            layers.add(node.layer);
        }
        return layers;
    }

    /** How a node's inputs and outputs lie. */
    private record Layouts(TensorLayout input, TensorLayout output) {}

    private static Layouts layouts(Node node, int write, List<List<Node>> readers, int[] outputs, int[] place, Draft draft) {
        List<Shape> shapes = draft.shapesOf(Wiring.pick(place, node.reads()));
        Shape result = node.layer().outputShapes(shapes).getFirst();
        boolean pixels = false;
        boolean images = result.rank() == 4;
        for (int value : node.reads()) {
            pixels |= draft.layoutOf.get(place[value]) == TensorLayout.NHWC;
            images &= draft.shapes.get(place[value]).rank() == 4;
        }
        LayoutSupport support = node.layer().layouts();
        if (support == LayoutSupport.NCHW || !images || support == LayoutSupport.ALIKE && !pixels) {
            return new Layouts(TensorLayout.NCHW, TensorLayout.NCHW);
        }
        if (support == LayoutSupport.ALIKE) {
            return new Layouts(TensorLayout.NHWC, TensorLayout.NHWC);
        }
        boolean planesWanted = true;
        for (Node reader : readers.get(write)) {
            planesWanted &= reader.layer().layouts() == LayoutSupport.NCHW;
        }
        boolean fewChannels = shapes.getFirst().extent(1) <= MOST_PLANES_READ;
        boolean readsPixels = pixels || !fewChannels && !planesWanted;
        return new Layouts(readsPixels ? TensorLayout.NHWC : TensorLayout.NCHW,
                readsPixels || fewChannels && result.extent(1) >= LEAST_CHANNELS_WRITTEN ? TensorLayout.NHWC : TensorLayout.NCHW);
    }

    private static boolean isOutput(int value, int[] outputs) {
        return Placement.count(outputs, value) > 0;
    }

    /**
     * The sum that alone reads what a node gives, if the node may add into the other tensor of the sum: one that is there
     * already, lies as the node writes, that a layer wrote to a buffer of its own, and that nobody reads but layers that
     * have read it by then and have kept nothing of it.
     */
    private static Node sumInPlace(Node node, Node last, TensorLayout layout, List<List<Node>> readers, int[] outputs,
                                   int[] place, Draft draft) {
        List<Node> reading = readers.get(last.write());
        if (node.layer().outputCount() != 1 || isOutput(last.write(), outputs) || reading.size() != 1
                || !reading.getFirst().layer().isSum() || reading.getFirst().reads().length != 2) {
            return null;
        }
        Node sum = reading.getFirst();
        int other = otherOf(sum, last.write());
        if (other == last.write() || place[other] < 0 || isOutput(other, outputs) || draft.layoutOf.get(place[other]) != layout
                || !draft.isWrittenByConvolution(place[other])) {
            return null;
        }
        for (Node reader : readers.get(other)) {
            boolean read = reader.layer().layouts() == LayoutSupport.EACH && draft.layers.contains(reader.layer());
            if (reader != sum && !read) {
                return null;
            }
        }
        return sum;
    }

    private static void add(Node node, int write, int sum, Layouts layouts, int[] place, Draft draft) {
        int[] reads = Wiring.pick(place, node.reads());
        List<Shape> results = node.layer().outputShapes(draft.shapesOf(reads));
        for (int k = 0; k < reads.length; k++) {
            reads[k] = draft.in(layouts.input, reads[k]);
        }
        int first = draft.shapes.size();
        for (int k = 0; k < results.size(); k++) {
            place[write + k] = draft.value(results.get(k), isFree(results.get(k)) ? TensorLayout.NCHW : layouts.output);
        }
        draft.add(node.layer(), reads, first, sum, layouts.input, layouts.output);
    }

    private static List<List<Node>> readers(List<Node> nodes, int values) {
        List<List<Node>> readers = new ArrayList<>();
        for (int value = 0; value < values; value++) {
            readers.add(new ArrayList<>());
        }
        for (Node node : nodes) {
            for (int value : node.reads()) {
                readers.get(value).add(node);
            }
        }
        return readers;
    }

    /** The layers after one that read nothing but the one before, which nobody else reads: candidates to absorb. */
    private static List<Node> followers(Node node, List<List<Node>> readers, int[] outputs) {
        List<Node> chain = new ArrayList<>();
        Node last = node;
        while (last.layer().outputCount() == 1) {
            int value = last.write();
            List<Node> reading = readers.get(value);
            if (reading.size() != 1 || reading.getFirst().reads().length != 1
                    || isOutput(value, outputs)) {
                break;
            }
            last = reading.getFirst();
            chain.add(last);
        }
        return chain;
    }

    /** Decides how many of the first steps run on how many images at a time. */
    private void split(Draft draft, Execution execution) {
        int batch = draft.shapes.getFirst().rank() == 0 ? 1 : draft.shapes.getFirst().extent(0);
        long weights = 0;
        long widest = 0;
        long moved = 0;
        int convolutions = 0;
        int count = 0;
        for (Node node : draft.nodes) {
            List<Shape> shapes = draft.shapesOf(node.reads());
            shapes.add(draft.shapes.get(node.write()));
            long bytes = 0;
            boolean perImage = node.layer().layouts() != LayoutSupport.NCHW && node.layer().outputCount() == 1;
            for (Shape shape : shapes) {
                perImage &= shape.rank() >= 2 && shape.extent(0) == batch;
                bytes += (long) Float.BYTES * shape.elements() / batch;
            }
            for (Parameter parameter : node.layer().parameters().values()) {
                weights += (long) Float.BYTES * parameter.shape().elements();
            }
            if (!perImage || weights > MOST_WEIGHT_BYTES) {
                break;
            }
            widest = Math.max(widest, bytes);
            moved += bytes;
            convolutions += node.layer().layouts() == LayoutSupport.EACH ? 1 : 0;
            count++;
        }
        long room = KernelInfo.of(execution.width()).l2Bytes() / 2;
        int images = (int) Math.clamp(room / Math.max(1, widest), 1, batch);
        while (batch % images != 0) {
            images--;
        }
        if (convolutions >= 2 && images < batch && widest <= 4 * room && moved * images >= weights) {
            blockSteps = count;
            blocks = batch / images;
        }
    }

    /** {@return the arrays that values lie in} */
    BufferPlan buffers() {
        return buffers;
    }

    /** {@return how many blocks of images the first layers run on one after another; 0 for all images at once} */
    int blocks() {
        return blocks;
    }

    /** {@return what runs, in order: the path of each layer, its type and its layouts} */
    List<String> describe() {
        return Arrays.stream(steps).map(step -> step.layer.label() + " " + step.layer.inputLayout() + " -> "
                + step.layer.outputLayout()).toList();
    }

    Tensor[] compute(Tensor[] given, Phase phase) {
        for (int block = 0; block < blocks; block++) {
            runBlock(given, block, phase);
        }
        if (!copiesInputs) {
            System.arraycopy(given, 0, tensors, 0, inputs);
        }
        for (int k = 0; k < exported.length; k++) {
            tensors[exported[k]] = wholes[k];
        }
        run(blockSteps, steps.length, phase);
        for (int k = 0; k < results.length; k++) {
            results[k] = tensors[outputs[k]];
        }
        return results;
    }

    private void runBlock(Tensor[] given, int block, Phase phase) {
        for (int i = 0; i < inputs; i++) {
            if (ofBlock[i] != null) {
                int floats = ofBlock[i].shape().elements();
                System.arraycopy(given[i].data(), block * floats, ofBlock[i].data(), 0, floats);
                tensors[i] = ofBlock[i];
            }
        }
        run(0, blockSteps, phase);
        for (int k = 0; k < exported.length; k++) {
            Tensor part = tensors[exported[k]];
            int floats = part.shape().elements();
            System.arraycopy(part.data(), 0, wholes[k].data(), block * floats, floats);
        }
    }

    private void run(int from, int to, Phase phase) {
        for (int i = from; i < to; i++) {
            Step step = steps[i];
            if (step.layer.configurations() != step.configuration) {
                throw Wiring.apart(step.layer, "a configuration", "the container to be configured again");
            }
            for (int k = 0; k < step.x.length; k++) {
                step.x[k] = tensors[step.reads[k]];
            }
            if (step.sum >= 0) {
                step.layer.addInto(tensors[step.sum]);
            }
            Tensor[] y = step.layer.forward(step.x, phase);
            System.arraycopy(y, 0, tensors, step.write, y.length);
        }
    }
}
