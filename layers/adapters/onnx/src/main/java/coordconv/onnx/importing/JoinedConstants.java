package coordconv.onnx.importing;

import coordconv.kernels.CoordChannels.Placement;

/**
 * Constant channels that a Concat put beside the features, for the convolution that must follow.
 *
 * @param values [N, count, H, W]
 * @param placement on which side of the features
 * @param node the Concat, which refusals name
 */
record JoinedConstants(Constant values, Placement placement, OnnxNode node) {
    int count() {
        return values.extents()[1];
    }
}
