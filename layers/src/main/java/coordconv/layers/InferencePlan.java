package coordconv.layers;

import coordconv.kernels.KernelInfo;
import coordconv.kernels.TensorLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a network without gradients runs: its layers, those of nested containers included, in order, with three decisions that
 * no layer can make alone.
 *
 * <ul>
 * <li>A layer takes over those behind it that it can compute for less ({@link Layer#absorb}).
 * <li>Images lie between layers as their readers want them: with channels side by side where a convolution wrote them, in planes
 *     for layers that take nothing else.
 * <li>The first layers, whose images are large and whose weights are few, run on some images of the batch at a time, so that
 *     what one layer writes the next finds in the second-level cache.
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
    private Tensor[] ofBlock;
    /** Values of those steps that are read later, and where all images of them stand. */
    private int[] exported = {};
    private Tensor[] wholes;

    /** A layer that runs, and the tensors that it is called with. */
    private static final class Step {
        final Layer layer;
        final int[] reads;
        final int write;
        final long configuration;
        final Tensor[] x;

        Step(Layer layer, int[] reads, int write) {
            this.layer = layer;
            this.reads = reads;
            this.write = write;
            configuration = layer.configurations();
            x = new Tensor[reads.length];
        }
    }

    /** A layer as the network has it. */
    private record Node(Layer layer, int[] reads, int write) {}

    /** Nodes as they will run, with their layouts, not configured yet. */
    private static final class Draft {
        final List<Node> nodes = new ArrayList<>();
        final List<TensorLayout> reads = new ArrayList<>();
        final List<TensorLayout> writes = new ArrayList<>();
        final List<Shape> shapes = new ArrayList<>();
        final List<TensorLayout> layoutOf = new ArrayList<>();
        final Map<List<Object>, Integer> changed = new HashMap<>();

        int value(Shape shape, TensorLayout layout) {
            shapes.add(shape);
            layoutOf.add(layout);
            return shapes.size() - 1;
        }

        void add(Layer layer, int[] values, int write, TensorLayout input, TensorLayout output) {
            nodes.add(new Node(layer, values, write));
            reads.add(input);
            writes.add(output);
        }

        /** {@return a value in a layout, changed to it if it is in the other} */
        int in(TensorLayout layout, int value) {
            if (layoutOf.get(value) == layout || isFree(shapes.get(value))) {
                return value;
            }
            return changed.computeIfAbsent(List.of(value, layout), key -> {
                int made = value(shapes.get(value), layout);
                add(new LayoutChange(), new int[] {value}, made, layoutOf.get(value), layout);
                return made;
            });
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
        int[] last = network.inline(range(inputs), (layer, reads) -> {
            nodes.add(new Node(layer, reads, counter[0]));
            counter[0] += layer.outputCount();
            return nodes.getLast().write();
        });
        Draft draft = new Draft();
        int[] place = new int[counter[0]];
        for (int i = 0; i < inputs; i++) {
            place[i] = draft.value(given.get(i), TensorLayout.NCHW);
        }
        draft(nodes, last, place, draft);
        outputs = Arrays.stream(last).map(value -> draft.in(TensorLayout.NCHW, place[value])).toArray();
        split(draft, execution);
        steps = new Step[draft.nodes.size()];
        for (int i = 0; i < steps.length; i++) {
            Node node = draft.nodes.get(i);
            int images = i < blockSteps ? blocks : 1;
            List<Shape> x = Arrays.stream(node.reads()).mapToObj(value -> part(draft.shapes.get(value), images)).toList();
            node.layer().arrange(draft.reads.get(i), draft.writes.get(i));
            node.layer().configureInContainer(x, execution, new boolean[x.size()]);
            steps[i] = new Step(node.layer(), node.reads(), node.write());
        }
        tensors = new Tensor[draft.shapes.size()];
        results = new Tensor[outputs.length];
        prepareBlocks(draft);
    }

    private static int[] range(int count) {
        int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> i);
        return numbers;
    }

    private static Shape part(Shape shape, int parts) {
        return parts == 1 ? shape : shape.withBatch(shape.batch() / parts);
    }

    /** Whether both layouts of a shape are one. */
    private static boolean isFree(Shape shape) {
        return shape.rank() != 4 || shape.extent(1) == 1 || shape.extent(2) * shape.extent(3) == 1;
    }

    private static void draft(List<Node> nodes, int[] outputs, int[] place, Draft draft) {
        List<List<Node>> readers = readers(nodes, place.length);
        boolean[] absorbed = new boolean[nodes.size()];
        for (int i = 0; i < nodes.size(); i++) {
            if (absorbed[i]) {
                continue;
            }
            Node node = nodes.get(i);
            List<Node> followers = followers(node, readers, outputs);
            int taken = node.layer().absorb(followers.stream().map(Node::layer).toList());
            followers.subList(0, taken).forEach(follower -> absorbed[nodes.indexOf(follower)] = true);
            int write = taken == 0 ? node.write() : followers.get(taken - 1).write();
            int[] reads = Arrays.stream(node.reads()).map(value -> place[value]).toArray();
            boolean planesWanted = Arrays.stream(outputs).anyMatch(output -> output == write)
                    || readers.get(write).stream().allMatch(reader -> reader.layer().layouts() == LayoutSupport.NCHW);
            add(node.layer(), reads, write, planesWanted, place, draft);
        }
    }

    private static void add(Layer layer, int[] reads, int write, boolean planesWanted, int[] place, Draft draft) {
        List<Shape> shapes = Arrays.stream(reads).mapToObj(draft.shapes::get).toList();
        List<Shape> results = layer.outputShapes(shapes);
        TensorLayout in = TensorLayout.NCHW;
        TensorLayout out = TensorLayout.NCHW;
        boolean anyPixels = Arrays.stream(reads).anyMatch(value -> draft.layoutOf.get(value) == TensorLayout.NHWC);
        if (layer.layouts() == LayoutSupport.ALIKE && anyPixels
                && shapes.stream().allMatch(shape -> shape.rank() == 4) && results.getFirst().rank() == 4) {
            in = TensorLayout.NHWC;
            out = TensorLayout.NHWC;
        } else if (layer.layouts() == LayoutSupport.EACH && shapes.getFirst().rank() == 4) {
            int channels = shapes.getFirst().extent(1);
            in = anyPixels || channels > MOST_PLANES_READ && !planesWanted ? TensorLayout.NHWC : TensorLayout.NCHW;
            boolean readable = in == TensorLayout.NHWC || channels <= MOST_PLANES_READ;
            out = readable && results.getFirst().extent(1) >= LEAST_CHANNELS_WRITTEN ? TensorLayout.NHWC : TensorLayout.NCHW;
        }
        TensorLayout wanted = in;
        int[] changed = Arrays.stream(reads).map(value -> draft.in(wanted, value)).toArray();
        int first = -1;
        for (int k = 0; k < results.size(); k++) {
            TensorLayout layout = isFree(results.get(k)) ? TensorLayout.NCHW : out;
            int value = draft.value(results.get(k), layout);
            place[write + k] = value;
            first = k == 0 ? value : first;
        }
        draft.add(layer, changed, first, in, out);
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
                    || Arrays.stream(outputs).anyMatch(output -> output == value)) {
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
            List<Shape> shapes = new ArrayList<>();
            Arrays.stream(node.reads()).mapToObj(draft.shapes::get).forEach(shapes::add);
            shapes.add(draft.shapes.get(node.write()));
            long bytes = 0;
            boolean perImage = node.layer().layouts() != LayoutSupport.NCHW && node.layer().outputCount() == 1;
            for (Shape shape : shapes) {
                perImage &= shape.rank() == 4 && shape.extent(0) == batch;
                bytes += (long) Float.BYTES * shape.elements() / batch;
            }
            weights += node.layer().parameters().values().stream().mapToLong(p -> (long) Float.BYTES * p.shape().elements()).sum();
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

    private void prepareBlocks(Draft draft) {
        if (blockSteps == 0) {
            return;
        }
        boolean[] inside = new boolean[tensors.length];
        boolean[] outside = new boolean[tensors.length];
        Arrays.stream(outputs).forEach(value -> outside[value] = true);
        for (int i = 0; i < steps.length; i++) {
            boolean[] read = i < blockSteps ? inside : outside;
            Arrays.stream(steps[i].reads).forEach(value -> read[value] = true);
        }
        ofBlock = new Tensor[inputs];
        for (int i = 0; i < inputs; i++) {
            ofBlock[i] = inside[i] ? Tensor.zeros(part(draft.shapes.get(i), blocks)) : null;
        }
        exported = Arrays.stream(steps, 0, blockSteps).mapToInt(step -> step.write).filter(value -> outside[value]).toArray();
        wholes = Arrays.stream(exported).mapToObj(value -> Tensor.zeros(draft.shapes.get(value))).toArray(Tensor[]::new);
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
        System.arraycopy(given, 0, tensors, 0, inputs);
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
                float[] part = ofBlock[i].data();
                System.arraycopy(given[i].data(), block * part.length, part, 0, part.length);
                tensors[i] = ofBlock[i];
            }
        }
        run(0, blockSteps, phase);
        for (int k = 0; k < exported.length; k++) {
            float[] part = tensors[exported[k]].data();
            System.arraycopy(part, 0, wholes[k].data(), block * part.length, part.length);
        }
    }

    private void run(int from, int to, Phase phase) {
        for (int i = from; i < to; i++) {
            Step step = steps[i];
            if (step.layer.configurations() != step.configuration) {
                throw new IllegalStateException(step.layer.label()
                        + ": given a configuration apart from its container, needed the container to be configured again");
            }
            for (int k = 0; k < step.x.length; k++) {
                step.x[k] = tensors[step.reads[k]];
            }
            Tensor[] y = step.layer.forward(step.x, phase);
            System.arraycopy(y, 0, tensors, step.write, y.length);
        }
    }
}
