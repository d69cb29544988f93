package coordconv.djl;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.verification.problem.Inputs;
import coordconv.verification.problem.Problem;
import coordconv.verification.reference.CoordinateTensor;
import coordconv.verification.reference.Expected;
import coordconv.verification.reference.ReferenceConv2d;

/** An engine, and one convolution in it: ours, DJL's own, and what the reference says. */
final class Djl {
    /** Seeds of the tensors. */
    private static final long X = 1;
    private static final long WEIGHT = 2;
    private static final long BIAS = 3;

    final Problem problem;
    final ConvGeometry g;
    final NDManager manager;
    final float[] x;
    final float[] weight;
    final float[] bias;

    Djl(NDManager manager, String text) {
        this.manager = manager;
        problem = Problem.parse(text);
        g = problem.geometry();
        x = Inputs.uniform(X, g.inputLength());
        weight = Inputs.uniform(WEIGHT, g.weightLength());
        bias = Inputs.uniform(BIAS, g.outChannels());
    }

    /** Loads libtorch, or skips the test where there is none for this platform. */
    static Engine engine() {
        System.setProperty("ai.djl.offline", "true");
        // Unpacked below the build, not in the home of whoever runs the test.
        System.setProperty("ENGINE_CACHE_DIR", "target/djl");
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        assumeTrue(platform.equals("Linux amd64"), "the native library of this test is for Linux on x86-64");
        return Engine.getEngine("PyTorch");
    }

    Shape inputShape() {
        return new Shape(g.batch(), g.channels(), g.height(), g.width());
    }

    NDArray input() {
        return manager.create(x, inputShape());
    }

    /** Our block with the weights of this problem. */
    CoordConv2d ours() {
        CoordConv2d block = CoordConv2d.builder().setKernelShape(new Shape(g.kernelHeight(), g.kernelWidth()))
                .setFilters(g.outChannels()).optStride(new Shape(g.strideHeight(), g.strideWidth()))
                .optPadding(new Shape(g.padTop(), g.padLeft()))
                .optDilation(new Shape(g.dilationHeight(), g.dilationWidth()))
                .optGroups(g.groups()).optCoords(problem.preset()).build();
        block.initialize(manager, DataType.FLOAT32, inputShape());
        load(block);
        return block;
    }

    /** DJL's own: concatenation of a coordinate tensor, and Conv2d. */
    Block theirs() {
        NDArray coordinates = manager.create(CoordinateTensor.of(g.coords(), g.batch(), g.height(), g.width()),
                new Shape(g.batch(), g.coords().count(), g.height(), g.width()));
        boolean first = g.coords().placement() == Placement.BEFORE;
        Conv2d conv = Conv2d.builder().setKernelShape(new Shape(g.kernelHeight(), g.kernelWidth()))
                .setFilters(g.outChannels()).optStride(new Shape(g.strideHeight(), g.strideWidth()))
                .optPadding(new Shape(g.padTop(), g.padLeft()))
                .optDilation(new Shape(g.dilationHeight(), g.dilationWidth()))
                .optGroups(g.groups()).build();
        SequentialBlock block = new SequentialBlock()
                .addSingleton(array -> first ? coordinates.concat(array, 1) : array.concat(coordinates, 1)).add(conv);
        block.initialize(manager, DataType.FLOAT32, inputShape());
        load(conv);
        return block;
    }

    /** Writes into the arrays that a block holds. */
    private void load(Block conv) {
        for (Parameter parameter : conv.getDirectParameters().values()) {
            parameter.getArray().set(parameter.getName().equals("weight") ? weight : bias);
        }
    }

    float[] run(Block block, boolean training) {
        return forward(block, input(), training).toFloatArray();
    }

    NDArray forward(Block block, NDArray input, boolean training) {
        return block.forward(new ParameterStore(manager, false), new NDList(input), training).singletonOrThrow();
    }

    Expected expected() {
        return new ReferenceConv2d(g).forward(x, weight, bias);
    }
}
