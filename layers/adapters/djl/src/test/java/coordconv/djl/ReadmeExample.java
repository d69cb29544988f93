package coordconv.djl;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import coordconv.kernels.CoordPreset;

/** The example of the README, word for word; {@link ReadmeTest} compares the two and runs it. */
final class ReadmeExample {
    private ReadmeExample() {}

    static Block network() {
        // readme: from here
        Block network = new SequentialBlock()
                .add(CoordConv2d.builder()                      // in place of Conv2d.builder()
                        .setKernelShape(new Shape(3, 3)).setFilters(16)
                        .optPadding(new Shape(1, 1))
                        .optCoords(CoordPreset.PADDLE).build())
                .add(Activation::relu)
                .add(Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(1).build());
        // readme: to here
        return network;
    }
}
