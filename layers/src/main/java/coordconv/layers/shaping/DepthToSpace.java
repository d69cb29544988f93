package coordconv.layers.shaping;

import coordconv.layers.Shape;

/**
 * Channels spread over the pixels of blocks, also called pixel shuffle: [N, C b b, H, W] -> [N, C, H b, W b]. Source:
 * ONNX DepthToSpace, Shi et al. 2016.
 */
public final class DepthToSpace extends PermutedLayer {
    private final int block;
    private final boolean depthFirst;

    /**
     * A spreading.
     *
     * @param block b, side of a block
     * @param depthFirst whether channels of one pixel of the block are neighbours in the input (ONNX mode DCR); else
     *     those of one output channel are (CRD, PyTorch's PixelShuffle)
     */
    public DepthToSpace(int block, boolean depthFirst) {
        this.block = SpaceToDepth.block(block);
        this.depthFirst = depthFirst;
    }

    /** {@return b} */
    public int block() {
        return block;
    }

    /** {@return whether channels of one pixel of the block are neighbours in the input} */
    public boolean isDepthFirst() {
        return depthFirst;
    }

    @Override
    public String type() {
        return "DepthToSpace";
    }

    @Override
    protected Shape infer(Shape input) {
        requireImages(input, 0);
        if (input.extent(1) % ((long) block * block) != 0) {
            throw refuse("input", input, "[N, C, H, W] with C a multiple of " + (long) block * block);
        }
        return Shape.of(input.batch(), input.extent(1) / (block * block), input.extent(2) * block, input.extent(3) * block);
    }

    @Override
    Shape view(Shape input) {
        int channels = input.extent(1) / (block * block);
        return depthFirst ? Shape.of(input.batch(), block, block, channels, input.extent(2), input.extent(3))
                : Shape.of(input.batch(), channels, block, block, input.extent(2), input.extent(3));
    }

    @Override
    int[] order(Shape input) {
        return depthFirst ? new int[] {0, 3, 4, 1, 5, 2} : new int[] {0, 1, 4, 2, 5, 3};
    }
}
