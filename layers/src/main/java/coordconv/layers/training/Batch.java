package coordconv.layers.training;

import coordconv.layers.Tensor;

/** The buffers of one mini-batch. */
final class Batch {
    private final Tensor input;
    private final Tensor target;
    private final int inputLength;
    private final int targetLength;

    Batch(Dataset shapes, int size) {
        input = Tensor.zeros(shapes.inputShape().batchOf(size));
        target = Tensor.zeros(shapes.targetShape().batchOf(size));
        inputLength = shapes.inputShape().elements();
        targetLength = shapes.targetShape().elements();
    }

    void put(int slot, Dataset from, int index) {
        from.read(index, input.data(), slot * inputLength, target.data(), slot * targetLength);
    }

    Tensor input() {
        return input;
    }

    Tensor target() {
        return target;
    }
}
