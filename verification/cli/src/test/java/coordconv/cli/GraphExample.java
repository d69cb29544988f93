package coordconv.cli;

import coordconv.layers.Execution;
import coordconv.layers.Graph;
import coordconv.layers.Phase;
import coordconv.layers.Tensor;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.merging.Add;

/** The graph of the README. */
final class GraphExample {
    private GraphExample() {}

    /** Runs a residual block over images [N, 16, H, W]. */
    static Tensor run(Tensor images) {
        // readme: from here
        ConvSpec spec = ConvSpec.of(16, 16, 3).withPadding(1);
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("x");
        Graph.Value a = g.add("relu1", new ReLU(), g.add("conv1", new CoordConv2d(spec), x));
        Graph.Value b = g.add("conv2", new Conv2d(spec), a);
        g.output("y", g.add("relu2", new ReLU(), g.add("sum", new Add(), b, x)));
        Graph block = g.build();

        block.initialise(1);
        block.configure(images.shape(), Execution.INFERENCE);      // conv1 computes relu1 as well
        Tensor y = block.forward(images, Phase.INFERENCE);
        // readme: to here
        return y;
    }
}
