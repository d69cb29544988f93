package coordconv.layers.shaping;

import coordconv.layers.Shape;

/**
 * Channels of g groups taken in turn, so that the next grouped convolution sees all of them: [N, C, H, W] -> the same,
 * channel {@code i g + j} of the output being channel {@code j C / g + i} of the input. Source: Zhang et al. 2018
 * (ShuffleNet).
 */
public final class ChannelShuffle extends PermutedLayer {
    private final int groups;

    /**
     * A shuffle.
     *
     * @param groups g, which divides the channels
     */
    public ChannelShuffle(int groups) {
        if (groups < 1) {
            throw new IllegalArgumentException("groups: given " + groups + ", needed at least 1");
        }
        this.groups = groups;
    }

    /** {@return g} */
    public int groups() {
        return groups;
    }

    @Override
    public String type() {
        return "ChannelShuffle";
    }

    @Override
    protected Shape infer(Shape input) {
        requireImages(input, 0);
        if (input.extent(1) % groups != 0) {
            throw refuse("input", input, "[N, C, H, W] with C a multiple of the " + groups + " groups");
        }
        return input;
    }

    @Override
    Shape view(Shape input) {
        return Shape.of(input.batch(), groups, input.extent(1) / groups, input.elements(2, 4));
    }

    @Override
    int[] order(Shape input) {
        return new int[] {0, 2, 1, 3};
    }
}
