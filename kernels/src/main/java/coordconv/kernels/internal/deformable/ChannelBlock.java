package coordconv.kernels.internal.deformable;

import coordconv.kernels.internal.shape.ConvShape;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.shape.Deformation;
import coordconv.kernels.internal.shape.Lowering;
import java.util.ArrayList;
import java.util.List;

/**
 * A few joined channels of one group and one deformable group, whose gradients are computed together.
 *
 * @param group index of the group
 * @param deformableGroup index of the deformable group
 * @param channels the joined channels of the group
 * @param from the first of them
 * @param to the one after the last
 */
record ChannelBlock(int group, int deformableGroup, Correlation.Channels channels, int from, int to) {
    /** The joined channels of a convolution, cut where groups end and into blocks of {@code most} at the most. */
    static List<ChannelBlock> of(ConvShape shape, Deformation deformation, Lowering lowering, int most) {
        List<ChannelBlock> blocks = new ArrayList<>();
        int deformable = deformation.channelsOfGroup(shape);
        for (int g = 0; g < shape.groups(); g++) {
            Correlation.Channels channels = lowering.backwardWeights(g).channels();
            int first = g * channels.total();
            int to;
            for (int c = 0; c < channels.total(); c = to) {
                int d = (first + c) / deformable;
                to = Math.min(Math.min(channels.total(), (d + 1) * deformable - first), c + most);
                blocks.add(new ChannelBlock(g, d, channels, c, to));
            }
        }
        return blocks;
    }

    int count() {
        return to - from;
    }

    /** {@return the first of them that is a feature} */
    int firstFeature() {
        return channels.featuresFrom(from);
    }

    /** {@return how many of them are features} */
    int features() {
        return Math.max(0, channels.featuresTo(to) - firstFeature());
    }
}
