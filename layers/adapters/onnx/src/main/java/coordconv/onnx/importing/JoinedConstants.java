package coordconv.onnx.importing;

import coordconv.kernels.CoordChannels.Placement;

/**
 * Constant channels that a Concat put beside the features, which wait for what reads them: a convolution takes them
 * as coordinates.
 *
 * @param base the features alone
 * @param values [N, count, H, W], or [N, H, W, count]
 * @param placement on which side of the features
 * @param axis of the channels, 1 or 3
 * @param node the Concat, or a Transpose behind it, which refusals name
 */
record JoinedConstants(Feature base, Constant values, Placement placement, int axis, OnnxNode node) {
    int count() {
        return values.extents()[axis];
    }

    boolean isChannelsLast() {
        return axis == 3;
    }

    /** The name of the joined value in the model. */
    String name() {
        return node.outputs().getFirst();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
