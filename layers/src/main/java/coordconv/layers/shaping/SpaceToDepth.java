package coordconv.layers.shaping;

import coordconv.layers.Shape;

/**
 * The pixels of blocks gathered in channels: [N, C, H b, W b] -> [N, b b C, H, W], the channels of a block's first pixel
 * first. Source: ONNX SpaceToDepth.
 */
public final class SpaceToDepth extends PermutedLayer {
    private final int block;

    /**
     * A gathering.
     *
     * @param block b, side of a block
     */
    public SpaceToDepth(int block) {
        this.block = block(block);
    }

    static int block(int given) {
        if (given < 1) {
            throw new IllegalArgumentException("block: given " + given + ", needed at least 1");
        }
        return given;
    }

    /** {@return b} */
    public int block() {
        return block;
    }

    @Override
    public String type() {
        return "SpaceToDepth";
    }

    @Override
    protected Shape infer(Shape input) {
        requireImages(input, 0);
        if (input.extent(2) % block != 0 || input.extent(3) % block != 0) {
            throw refuse("input", input, "[N, C, H, W] with H and W multiples of " + block);
        }
        return Shape.of(input.batch(), input.extent(1) * block * block, input.extent(2) / block, input.extent(3) / block);
    }

    @Override
    Shape view(Shape input) {
        return Shape.of(input.batch(), input.extent(1), input.extent(2) / block, block, input.extent(3) / block, block);
    }

    @Override
    int[] order(Shape input) {
        return new int[] {0, 3, 5, 1, 2, 4};
    }
}
