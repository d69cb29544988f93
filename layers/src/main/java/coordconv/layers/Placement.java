package coordconv.layers;

import coordconv.kernels.TensorLayout;
import coordconv.layers.InferencePlan.Draft;
import coordconv.layers.InferencePlan.Node;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the values of a planned inference lie: in a buffer of their own, in another value's, in the caller's memory or in a layer's.
 * A value that is read by nothing but a layer that joins channels lies in what that layer writes, where its writer can lay the
 * pixels so far apart, and where no more memory is needed at once for it.
 */
final class Placement {
    private final Draft draft;
    private final int inputs;
    private final int[] outputs;
    /** Steps that run on some images of the batch at a time, and how often. */
    private final int blockSteps;
    private final int blocks;
    /** Values of those steps that are read later. */
    private final int[] exported;
    private final Map<Integer, Slice> slices;
    private final BufferPlan buffers = new BufferPlan();
    /** For each value the buffer that the first steps write it to, and the one that later steps write or read; null for none. */
    private final BufferPlan.Value[] parts;
    private final BufferPlan.Value[] wholes;

    /**
     * A value that lies in a larger one.
     *
     * @param whole the larger value
     * @param channel where its channels begin in it
     */
    private record Slice(int whole, int channel) {}

    private Placement(Draft draft, int inputs, int[] outputs, int blockSteps, int blocks, Map<Integer, Slice> slices) {
        this.draft = draft;
        this.inputs = inputs;
        this.outputs = outputs;
        this.blockSteps = blockSteps;
        this.blocks = blocks;
        this.slices = slices;
        parts = new BufferPlan.Value[draft.shapes.size()];
        wholes = new BufferPlan.Value[draft.shapes.size()];
        exported = exportedValues();
        place();
    }

    private int[] exportedValues() {
        int[] values = new int[blockSteps];
        int count = 0;
        for (int i = 0; i < blockSteps; i++) {
            int value = draft.nodes.get(i).write();
            if (isReadLater(value)) {
                values[count++] = value;
            }
        }
        return Arrays.copyOf(values, count);
    }

    /**
     * Places all values.
     *
     * @param draft what will run
     * @param inputs how many values are the caller's
     * @param outputs values that the caller is given
     * @param blockSteps steps that run on some images of the batch at a time
     * @param blocks how often they run
     */
    static Placement of(Draft draft, int inputs, int[] outputs, int blockSteps, int blocks) {
        Placement best = new Placement(draft, inputs, outputs, blockSteps, blocks, Map.of());
        for (int i = 0; i < draft.nodes.size(); i++) {
            if (draft.nodes.get(i).layer().joinsChannels()) {
                Map<Integer, Slice> more = new HashMap<>(best.slices);
                best.addSlices(i, more);
                Placement tried = new Placement(draft, inputs, outputs, blockSteps, blocks, more);
                best = tried.buffers.leastFloats() <= best.buffers.leastFloats() ? tried : best;
            }
        }
        best.buffers.allocate();
        return best;
    }

    private boolean isReadLater(int value) {
        return count(outputs, value) > 0 || readers(blockSteps, draft.nodes.size(), value) > 0;
    }

    /** How many of some steps read a value. */
    private int readers(int from, int to, int value) {
        int readers = 0;
        for (int i = from; i < to; i++) {
            Node node = draft.nodes.get(i);
            readers += node.sum() == value || count(node.reads(), value) > 0 ? 1 : 0;
        }
        return readers;
    }

    /** How many of some values are one. */
    static int count(int[] values, int one) {
        int count = 0;
        for (int value : values) {
            count += value == one ? 1 : 0;
        }
        return count;
    }

    /** Adds the inputs of a layer that joins channels which can lie in its output. */
    private void addSlices(int joining, Map<Integer, Slice> into) {
        Node join = draft.nodes.get(joining);
        int channel = 0;
        for (int value : join.reads()) {
            Shape shape = draft.shapes.get(value);
            if (draft.writes.get(joining) == TensorLayout.NHWC && memory(join) == OutputMemory.LENT && isSlice(value, joining)) {
                into.put(value, new Slice(join.write(), channel));
            }
            channel += shape.rank() == 4 ? shape.extent(1) : 0;
        }
    }

    private boolean isSlice(int value, int joining) {
        int writer = joining - 1;
        while (writer >= 0 && draft.nodes.get(writer).write() != value) {
            writer--;
        }
        int read = readers(0, draft.nodes.size(), value);
        boolean once = count(draft.nodes.get(joining).reads(), value) == 1;
        return writer >= 0 && draft.nodes.get(writer).sum() < 0 && memory(draft.nodes.get(writer)) == OutputMemory.SLICE
                && draft.writes.get(writer) == TensorLayout.NHWC && !InferencePlan.isFree(draft.shapes.get(value))
                && read == 1 && once && writer < blockSteps == joining < blockSteps;
    }

    private static OutputMemory memory(Node node) {
        return node.layer().outputCount() == 1 ? node.layer().outputMemory() : OutputMemory.OWN;
    }

    private int floats(int value, boolean ofBlock) {
        return InferencePlan.part(draft.shapes.get(value), ofBlock ? blocks : 1).elements();
    }

    private void place() {
        for (int i = 0; i < inputs; i++) {
            parts[i] = readers(0, blockSteps, i) > 0 ? buffers.add(floats(i, true), 0) : null;
        }
        place(0, blockSteps, parts);
        for (int value : exported) {
            // Each block writes a part of it, which is copied when the block is done.
            wholes[value] = buffers.add(floats(value, false), 0);
            if (parts[value] != null) {
                parts[value].readBy(blockSteps - 1);
            }
        }
        place(blockSteps, draft.nodes.size(), wholes);
        // What the caller is given stays as it is until the next pass, which may even read it.
        for (int value : outputs) {
            if (wholes[value] != null) {
                wholes[value].keep();
            }
        }
    }

    /** Tells the buffers what some steps write and read. */
    private void place(int from, int to, BufferPlan.Value[] places) {
        for (int i = from; i < to; i++) {
            Node node = draft.nodes.get(i);
            OutputMemory memory = memory(node);
            for (int value : node.reads()) {
                if (places[value] != null) {
                    places[value].readBy(i);
                    if (memory == OutputMemory.OWN) {
                        places[value].keep();
                    }
                }
            }
            if (node.sum() >= 0) {
                // Whoever reads the sum comes behind this step, so what it adds into is alive here.
                places[node.write()] = places[node.sum()];
            } else if (memory == OutputMemory.INPUT) {
                places[node.write()] = places[node.reads()[0]];
            } else if (memory == OutputMemory.OWN) {
                for (int k = 0; k < node.layer().outputCount(); k++) {
                    buffers.count(floats(node.write() + k, i < blockSteps));
                }
            } else {
                Slice slice = slices.get(node.write());
                int whole = slice == null ? node.write() : slice.whole;
                if (places[whole] == null) {
                    places[whole] = buffers.add(floats(whole, i < blockSteps), i);
                }
                places[node.write()] = places[whole];
            }
        }
    }

    /** {@return the tensor that a step is to write its output to, or null if that lies elsewhere} */
    Tensor output(int step) {
        Node node = draft.nodes.get(step);
        OutputMemory memory = memory(node);
        if (node.sum() >= 0 || memory != OutputMemory.LENT && memory != OutputMemory.SLICE) {
            return null;
        }
        int value = node.write();
        Shape shape = InferencePlan.part(draft.shapes.get(value), step < blockSteps ? blocks : 1);
        BufferPlan.Value place = step < blockSteps ? parts[value] : wholes[value];
        Slice slice = slices.get(value);
        return slice == null ? buffers.tensor(place, shape)
                : Tensor.slice(buffers.array(place), slice.channel, draft.shapes.get(slice.whole).extent(1), shape);
    }

    /** {@return the tensor for a block's images of an input, or null if no step of a block reads it} */
    Tensor blockOf(int input) {
        return parts[input] == null ? null : buffers.tensor(parts[input], InferencePlan.part(draft.shapes.get(input), blocks));
    }

    /** {@return values that blocks write and later steps read} */
    int[] exported() {
        return exported;
    }

    /** {@return the tensor for all images of a value that blocks write} */
    Tensor whole(int value) {
        return buffers.tensor(wholes[value], draft.shapes.get(value));
    }

    /** {@return the arrays that values lie in} */
    BufferPlan buffers() {
        return buffers;
    }
}
